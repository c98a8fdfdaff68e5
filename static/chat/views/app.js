/** The chat page as a whole. The address says which conversation is open, so that back and reload work. */

import { html, useEffect, useState } from '../../vendor/htm-preact.js';
import { showUnread } from '../attention.js';
import { useStore } from '../store.js';
import { say } from '../words.js';
import { List } from './list.js';
import { Icon } from './parts.js';
import { Room } from './room.js';
import { Settings } from './settings.js';

const inAddress = () => decodeURIComponent(location.hash.slice(1)) || null;

export function App({ store, uploads, page, onLeave, offer }) {
  useStore(store);
  const [settings, setSettings] = useState(false);
  const [goods, setGoods] = useState(offer.goods);
  const { state } = store;

  useEffect(() => {
    const follow = () => (inAddress() ? store.open(inAddress()) : state.open && store.close());
    if (offer.to && !inAddress()) history.replaceState(null, '', `#${encodeURIComponent(offer.to)}`);
    follow();
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [store]);
  useEffect(() => showUnread(store.talks.unread()));
  useEffect(() => {
    // Closed from elsewhere: by deleting it, here or on another device.
    if (state.open === null && inAddress()) history.replaceState(null, '', location.pathname + location.search);
  }, [state.open]);

  const open = (account) => {
    if (account !== state.open) location.hash = encodeURIComponent(account);
  };
  const back = () => (history.state?.deep ? history.back() : (location.hash = ''));
  const send = (wanted) => {
    if (wanted) store.send(state.open, offer.body);
    setGoods(null);
  };
  const header = html`<header class="list-head">
    <h1>${say('title')}</h1>
    <button class="quiet" type="button" aria-label=${say('settings')} onClick=${() => setSettings(true)}><${Icon} name="gear" /></button>
  </header>`;

  return html`<div class=${`app ${state.open ? 'has-room' : ''}`}>
    <${Line} store=${store} />
    <${List} store=${store} onOpen=${open} header=${header} />
    <main class="stage">
      ${state.open
        ? html`<${Room} key=${state.open} store=${store} account=${state.open} uploads=${uploads} onBack=${back}
            shop=${state.open === offer.to ? offer.shop : null} goods=${state.open === offer.to ? goods : null} onGoods=${send} />`
        : html`<div class="empty"><img src=${page.mark} alt="" width="72" height="72" /><p>${say('nothing_open')}</p></div>`}
    </main>
    ${settings && html`<${Settings} page=${page} onLeave=${onLeave} onClose=${() => setSettings(false)} />`}
  </div>`;
}

/** The state of the line, when it is not simply there. */
export function Line({ store }) {
  const { line } = store.state;
  const [late, setLate] = useState(false);
  useEffect(() => {
    // A line that comes back at once is not worth a word.
    if (line === 'online') return setLate(false);
    const timer = setTimeout(() => setLate(true), 1200);
    return () => clearTimeout(timer);
  }, [line === 'online']);
  return html`<div class="line-state" role="status">
    ${late &&
    line !== 'online' &&
    html`<p><strong>${say(line === 'connecting' && !store.state.everListed ? 'connecting' : 'waiting')}</strong> <span>${say('offline_hint')}</span>
      <button type="button" onClick=${store.client.wake}>${say('retry_now')}</button></p>`}
  </div>`;
}
