/** The page's texts in the language of the page. */

import { page } from './page.js';

export const language = document.documentElement.lang.startsWith('zh') ? 'zh-CN' : 'en';
const files = await Promise.all(page.words.map((address) => import(address)));
const words = Object.assign({}, ...files.map((file) => file.default));

/** The text of that key, with what stands in braces filled in where it is given; undefined if there is no such text. */
export function say(key, values = {}) {
  return words[key]?.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}
