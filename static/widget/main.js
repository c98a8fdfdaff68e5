/** The widget's frame before anybody opens it: little, unless its visitor has written before. */

import { page } from '../chat/page.js';
import { createHost } from './host.js';
import { createKept } from './kept.js';

let begun = null;
const host = createHost(page.site || location.origin);
const kept = createKept(page, host);

async function load() {
  for (const href of page.modules) {
    document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
  }
  const { begin } = await import('./app.js');
  begin(host, kept);
}

const look = () => (host.open || kept.get()) && (begun ??= load());

host.changed = look;
host.gave = (value) => {
  kept.given(value);
  look();
};
// In another tab the visitor has written first.
window.addEventListener('storage', ({ key }) => key === kept.name && host.changed());
look();
host.ready(kept.own);
