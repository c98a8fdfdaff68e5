/** The conversation with the one shop, as large as the frame. */

import { html, useState } from '../../vendor/htm-preact.js';
import { tab } from '../../chat/preferences.js';
import { useStore } from '../../chat/store.js';
import { Line } from '../../chat/views/line.js';
import { IconButton } from '../../chat/views/parts.js';
import { Room } from '../../chat/views/room.js';
import { say } from '../../chat/words.js';

export function Widget({ store, uploads, guest, host, shop }) {
  useStore(store);
  const [offered, setOffered] = useState(tab.get('offered', ''));
  const { goods } = host.visit;
  const offer = goods && goods.goods_id !== offered && { name: goods.goods_name || goods.goods_id, price: goods.goods_price, cover: goods.goods_cover };
  const answer = (wanted) => {
    if (wanted) store.send(shop.account, { type: 'goods', content: say('goods'), data: { goods_cover: '', goods_price: '', ...goods } });
    tab.set('offered', goods.goods_id);
    setOffered(goods.goods_id);
  };
  const told = guest.trouble && !(guest.trouble.code === 'offline' && guest.known()) && trouble(guest.trouble);
  const close = html`<${IconButton} icon="close" label=${say('close')} onClick=${host.close} />`;
  return html`<main class="widget">
    <h1 class="unseen">${shop.nickname}</h1>
    ${guest.known() && html`<${Line} store=${store} />`}
    ${told && html`<p class="widget-trouble" role="alert">${told}</p>`}
    ${guest.lost() && html`<p class="widget-trouble" role="status">${say('not_kept')}</p>`}
    ${store.state.open &&
    html`<${Room} store=${store} account=${shop.account} uploads=${uploads} shop=${shop.number} tools=${close} goods=${offer || null} onGoods=${answer} />`}
  </main>`;
}

/** What is wrong, and when it may be right again. */
function trouble({ code, message, retryAfter }) {
  if (code === 'too_many_requests') return say('too_many_guests', { n: Math.max(1, Math.ceil((retryAfter || 0) / 60)) });
  return say(`guest_${code}`) || message;
}
