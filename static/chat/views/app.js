/** The chat page as a whole. */

import { html, useEffect, useState } from '../../vendor/htm-preact.js';
import { showUnread } from '../attention.js';
import { useAbout, useAddress } from '../opened.js';
import { page } from '../page.js';
import { useStore } from '../store.js';
import { say } from '../words.js';
import { Later, later, useParts } from './later.js';
import { Line, Unkept } from './line.js';
import { List } from './list.js';
import { Icon, IconButton } from './parts.js';
import { Room } from './room.js';

const SETTINGS = later((again) => import(`./settings.js${again}`));

export function App({ store, uploads, session, me, onLeave, offer }) {
  useStore(store);
  const [settings, setSettings] = useState(false);
  const [goods, setGoods] = useState(offer.goods);
  const { open, back } = useAddress(store, offer.to);
  const { state } = store;
  const about = useAbout(session, store, state.open);

  useParts(state.listed);
  useEffect(() => showUnread(store.talks.unread()));
  const send = (wanted) => {
    if (wanted) store.send(state.open, offer.body);
    setGoods(null);
  };
  const header = html`<header class="list-head">
    <p class="list-title">${say('title')}</p>
    <${IconButton} icon="gear" label=${say('settings')} onClick=${() => setSettings(true)} />
  </header>
  ${me?.shop &&
  html`<a class="to-desk" href=${page.desk + location.search}><${Icon} name="panel" /><span>${say('to_desk')}</span></a>`}`;
  const shop = state.open === offer.to && offer.shop ? offer.shop : about?.shop?.number || null;
  const asks = state.open === offer.to && offer.shop;
  const tools =
    shop &&
    html`<${IconButton} icon="robot" label=${say('robot_menu')} onClick=${() => store.client.robot(state.open, shop).catch(() => {})} />`;

  return html`<div class=${`app ${state.open ? 'has-room' : ''}`}>
    <${Line} store=${store}><${Unkept} store=${store} /><//>
    <${List} store=${store} onOpen=${open} header=${header} />
    <main class="stage">
      <h1 class="unseen">${say('title')}</h1>
      ${state.open
        ? html`<${Room} key=${state.open} store=${store} account=${state.open} uploads=${uploads} onBack=${back}
            shop=${shop} asks=${asks} tools=${tools} goods=${state.open === offer.to ? goods : null} onGoods=${send} />`
        : html`<div class="empty"><img src=${page.mark} alt="" width="72" height="72" /><p>${say('nothing_open')}</p></div>`}
    </main>
    ${settings && html`<${Later} part=${SETTINGS} onLeave=${onLeave} onClose=${() => setSettings(false)} />`}
  </div>`;
}
