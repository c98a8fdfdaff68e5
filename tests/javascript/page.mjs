/** A page without a browser, as far as modules of the pages look for one while they are imported. */

const words = new URL('../../static/chat/words/en.js', import.meta.url).href;
const page = { textContent: JSON.stringify({ words: [words] }) };

globalThis.document = { documentElement: { lang: 'en' }, getElementById: () => page };
globalThis.window = {};
