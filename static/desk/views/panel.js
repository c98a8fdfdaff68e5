/** What stands beside a conversation: the customer, the shop's answers and the quick replies. */

import { html } from '../../vendor/htm-preact.js';
import { say } from '../../chat/words.js';
import { Answers } from './answers.js';
import { Customer } from './customer.js';
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
