/** Who the customer is, and what product they look at. */

import { html } from '../../vendor/htm-preact.js';
import { address } from '../../chat/bodies.js';
import { Goods } from '../../chat/views/bubble.js';
import { Avatar } from '../../chat/views/parts.js';
import { brief, day, local } from '../../chat/times.js';
import { say } from '../../chat/words.js';

/** `about` is what the server says of them, null until it has or where they have never talked. */
export function Customer({ peer, about, online, goods }) {
  const guest = about?.guest;
  return html`<section class="customer" aria-label=${say('customer')}>
    <header>
      <${Avatar} ...${peer} size=${56} online=${online} />
      <div><h3>${peer.nickname}</h3><p>${online ? say('online') : about?.last_seen ? `${say('seen')} ${moment(about.last_seen)}` : ''}</p></div>
    </header>
    <dl>
      <div><dt>${say('account_of')}</dt><dd>${guest ? say('guest') : peer.account}</dd></div>
      <div><dt>${say('came_from')}</dt><dd>${about?.last_source ? say(`source_${about.last_source}`) : say('unknown')}</dd></div>
      <div><dt>${say('since')}</dt><dd>${about?.talking_since ? day(local(about.talking_since)) : say('unknown')}</dd></div>
    </dl>
    ${guest && html`<${Visit} ...${guest} />`}
    ${goods &&
    html`<h4>${say('looks_at')}</h4>
      <${Goods} name=${goods.goods_name || goods.goods_id} price=${goods.goods_price} cover=${goods.goods_cover} link=${goods.goods_url} />`}
  </section>`;
}

/** The page that a guest looks at. What it says of itself is text, and its address is shown whatever its title says. */
function Visit({ title, address: where }) {
  const href = /^https?:/.test(where) ? address(where) : null;
  if (!title && !href) return null;
  return html`<h4>${say('page')}</h4>
    <p class="visit">${title}${href && html` <a href=${href} target="_blank" rel="noopener noreferrer nofollow">${href}</a>`}</p>`;
}

function moment(iso) {
  const at = local(iso);
  const clock = at.slice(11, 16);
  return brief(at) === clock ? clock : `${brief(at)} ${clock}`;
}
