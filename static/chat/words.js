/** The page's texts in the language of the page. */

import en from './words/en.js';
import chinese from './words/zh-hans.js';

export const language = document.documentElement.lang.startsWith('zh') ? 'zh-CN' : 'en';
const words = { ...(language === 'en' ? en : chinese) };

/** The text of that key, with what stands in braces filled in; undefined if there is no such text. */
export function say(key, values = {}) {
  return words[key]?.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Texts that another page has besides. */
export function learn(more) {
  Object.assign(words, language === 'en' ? more.en : more.chinese);
}
