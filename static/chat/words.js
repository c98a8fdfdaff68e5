/** The page's texts in the language of the page. */

export const language = document.documentElement.lang.startsWith('zh') ? 'zh-CN' : 'en';
const file = language === 'en' ? 'en.js' : 'zh-hans.js';
const { default: words } = await import(`./words/${file}`);

/** The text of that key, with what stands in braces filled in; undefined if there is no such text. */
export function say(key, values = {}) {
  return words[key]?.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Texts that another page has besides, from the same file in its own folder. */
export async function learn(folder) {
  const { default: more } = await import(new URL(file, folder));
  Object.assign(words, more);
}
