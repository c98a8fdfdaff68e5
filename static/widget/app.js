/** The conversation in the widget. */

import { html, render } from '../vendor/htm-preact.js';
import { announce, warmUp } from '../chat/attention.js';
import { page } from '../chat/page.js';
import { createSendingFiles } from '../chat/sending-files.js';
import { createStore } from '../chat/store.js';
import { createGuest } from './guest.js';
import { Widget } from './views/widget.js';

const { shop, menu } = page;

export function begin(host, kept) {
  const guest = createGuest({ page, host, kept, wants: () => store.client.waiting().length > 0, ended: fresh, changed: () => store.changed() });
  const store = createStore({
    url: page.socket,
    owner: `${page.appid}.guest.${shop.number}`,
    tell: { arrived: announce, refused: (error) => !error && guest.known() && again() },
    async signIn(why) {
      const token = await guest.token(why);
      return token && { token };
    },
  });

  /** The server has closed the line for good: see whether this guest may still come. */
  async function again() {
    try {
      if (await guest.token({ renew: true })) store.start();
    } catch (error) {
      if (!error.code) throw error;
    }
  }

  function fresh() {
    store.client.forget(shop.account);
    store.talks.drop(shop.account);
    store.rooms.begin(shop.account, shop, menu);
  }

  /** The line begins with the first word. */
  const speaking = {
    ...store,
    send(...said) {
      const entry = store.send(...said);
      store.start();
      return entry;
    },
    client: {
      ...store.client,
      async robot(...asked) {
        await online(store.client);
        return store.client.robot(...asked);
      },
    },
  };
  const uploads = createSendingFiles(speaking, () => guest.token({ begins: true }));

  if (!guest.known()) fresh();
  if (guest.known() || store.client.waiting().length) store.start();

  store.client.on('state', ({ state }) => state === 'online' && guest.shows(host.visit));
  store.watch(() => host.unread(store.talks.get(shop.account)?.unread || 0));
  document.addEventListener('visibilitychange', () => {
    store.look();
    if (!document.hidden) store.client.wake();
  });
  window.addEventListener('online', store.client.wake);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !event.target.closest?.('dialog, .menu.is-open, .emoji')) host.close();
  });
  document.addEventListener('pointerdown', warmUp, { once: true });

  host.changed = () => {
    if (host.open) store.open(shop.account);
    else if (store.state.open) store.close();
    if (guest.known()) store.start();
    guest.shows(host.visit);
    store.changed();
  };
  host.changed();
  render(html`<${Widget} store=${speaking} uploads=${uploads} guest=${guest} host=${host} shop=${shop} />`, document.getElementById('app'));
}

const online = (client) =>
  client.state() === 'online'
    ? Promise.resolve()
    : new Promise((resolve) => {
        const end = client.on('state', ({ state }) => state === 'online' && (end(), resolve()));
      });
