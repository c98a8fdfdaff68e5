/** What stands beside a conversation: the customer, the shop's answers and the quick replies. */

import { html } from '../../vendor/htm-preact.js';
import { address } from '../../chat/bodies.js';
import { brief, day, local } from '../../chat/times.js';
import { Goods } from '../../chat/views/bubble.js';
import { Avatar } from '../../chat/views/parts.js';
import { say } from '../../chat/words.js';
import { Answers } from './answers.js';
import { QuickReplies } from './quick-replies.js';

const TABS = ['answers', 'quick'];

/** `tab` is which of the two is shown; `input` a ref to the search field; `onChoose(text)` puts something into the box. */
export function View({ store, account, about, replies, tab, onTab, input, onChoose }) {
  const room = store.rooms.get(account);
  const row = store.talks.get(account);
  const peer = room?.peer || { account, nickname: row?.nickname || account, avatar: row?.avatar || '' };
  const messages = room?.messages || [];
  const card = messages.findLast((message) => message.body.type === 'goods' && message.body.data);
  const said = messages.findLast((message) => !message.mine && message.body.type === 'txt');
  const keys = (event) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const other = TABS.find((name) => name !== tab);
    onTab(other);
    event.currentTarget.querySelector(`#tab-${other}`).focus();
  };
  return html`<div class="panel-inner">
    <${Customer} peer=${peer} about=${about} online=${store.present(account)} goods=${about?.guest?.goods || card?.body.data || about?.goods} />
    <div class="tabs" role="tablist" aria-label=${say('panel')} onKeyDown=${keys}>
      ${TABS.map(
        (name) => html`<button type="button" role="tab" id=${`tab-${name}`} aria-selected=${String(name === tab)} aria-controls="tab-panel" tabindex=${name === tab ? 0 : -1} onClick=${() => onTab(name)}>${say(name)}</button>`,
      )}
    </div>
    <div class="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby=${`tab-${tab}`}>
      ${tab === 'answers'
        ? html`<${Answers} key=${account} questions=${replies.questions()} said=${said ? String(said.body.content) : ''} input=${input} onChoose=${onChoose} />`
        : html`<${QuickReplies} replies=${replies} name=${peer.nickname} onChoose=${onChoose} />`}
    </div>
  </div>`;
}

/** Who the customer is, and what product they look at. `about` is what the server says of them, null until it has or where they have never talked. */
function Customer({ peer, about, online, goods }) {
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
