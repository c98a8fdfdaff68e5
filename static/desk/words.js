/** The desk's own texts, beside those of the chat. */

import { learn } from '../chat/words.js';
import en from './words/en.js';
import chinese from './words/zh-hans.js';

learn({ en, chinese });
