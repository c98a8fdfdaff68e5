/** The widget's own texts, beside those of the chat. */

import { learn } from '../chat/words.js';

await learn(new URL('words/', import.meta.url));
