/** A conversation: who it is, what was said, and where one writes. */

import { html, useEffect, useMemo, useRef, useState } from '../../vendor/htm-preact.js';
import { explained } from '../refusals.js';
import { say } from '../words.js';
import { Goods } from './bubble.js';
import { Composer } from './composer.js';
import { Later, later } from './later.js';
import { Avatar, Icon, IconButton } from './parts.js';
import { Timeline } from './timeline.js';

const ZOOM = later((again) => import(`./zoom.js${again}`));

export function Room({ store, account, uploads, shop, asks, onBack, goods, onGoods, suggestions, box, tools }) {
  const own = useRef();
  const [zoomed, setZoomed] = useState(null);
  const [dropping, setDropping] = useState(false);
  const [failure, setFailure] = useState('');
  const room = store.rooms.get(account);
  const row = store.talks.get(account);
  const { client } = store;
  const asked = useRef(null);
  useEffect(() => {
    // From a product's page or a shop's link, and where nothing was said yet, the robot offers its questions at once.
    const first = room?.loaded && room.messages.length === 0;
    if (shop && (asks || first) && store.state.line === 'online' && asked.current !== account) {
      asked.current = account;
      client.robot(account, shop).catch(() => {});
    }
  });
  const actions = useMemo(
    () => ({
      onRetry: (message) => (message.file ? uploads.again(message) : store.send(account, message.body, { clientId: message.clientId })),
      onDiscard: (message) => (uploads.cancel(message), store.discard(account, message.clientId)),
      onRecall: (message) => client.recall(account, message.id).then(() => setFailure(''), (error) => setFailure(explained([error.reason], error.message))),
      onZoom: (source, label) => setZoomed({ source, label }),
      onAsk:
        shop &&
        ((question) => {
          store.send(account, { type: 'txt', content: question.question });
          client.robot(account, shop, { questionId: question.question_id }).catch(() => {});
        }),
    }),
    [store, account, shop],
  );
  if (!room) return null;
  const peer = room.peer || { account, nickname: row?.nickname || account, avatar: row?.avatar || '' };
  const box_ = box || own;
  const heard = room.messages.findLast((message) => !message.mine);
  const byRobot = shop && heard?.robot && !heard.handover;

  const files = (list) => list.forEach((file) => uploads.send(account, file));
  // Words that are dragged into the box are the browser's.
  const takes = (event) => event.dataTransfer.types.includes('Files') && !row?.readonly && !room.error;
  const drop = (event) => {
    if (!takes(event)) return;
    event.preventDefault();
    setDropping(false);
    files([...event.dataTransfer.files]);
  };
  const over = (event) => {
    if (!takes(event)) return;
    event.preventDefault();
    setDropping(true);
  };
  const status = store.typing(account) ? say('typing') : store.present(account) ? say('online') : '';

  return html`<section class="room" aria-label=${say('conversation', { name: peer.nickname })} onDragOver=${over} onDrop=${drop}
      onDragLeave=${(event) => event.currentTarget.contains(event.relatedTarget) || setDropping(false)}>
    <header class="room-head">
      <${IconButton} icon="back" label=${say('back')} kind="quiet only-narrow" onClick=${onBack} />
      <${Avatar} ...${peer} size=${40} bell=${row?.readonly} online=${store.present(account)} />
      <div class="room-who"><h2>${peer.nickname}</h2><p class=${store.typing(account) ? 'typing' : ''} role="status">${status}</p></div>
      ${tools}
    </header>
    ${room.error
      ? html`<div class="empty"><p>${explained([room.error.reason], room.error.message)}</p></div>`
      : html`<${Timeline} key=${account} room=${room} onOlder=${() => store.rooms.older(account)} actions=${actions}>
          ${byRobot &&
          html`<p class="to-people"><button type="button" onClick=${() => store.send(account, { type: 'txt', content: say('to_people_text') })}>
            <${Icon} name="person" /> ${say('to_people')}</button></p>`}
        <//>`}
    ${goods &&
    html`<div class="offer">
      <${Goods} ...${goods} />
      <button class="primary" type="button" onClick=${() => onGoods(true)}>${say('goods_send')}</button>
      <${IconButton} icon="close" label=${say('goods_dismiss')} onClick=${() => onGoods(false)} />
    </div>`}
    ${row?.readonly
      ? html`<p class="readonly">${say('readonly')}</p>`
      : !room.error &&
        html`<${Composer} key=${account} account=${account} name=${peer.nickname} drafts=${store.drafts} box=${box_} suggestions=${suggestions}
          onText=${(content) => store.send(account, { type: 'txt', content })} onFiles=${files}
          onVoice=${(file, seconds) => uploads.send(account, file, seconds)} onWriting=${() => store.writes(account)} />`}
    ${failure && html`<p class="composer-note" role="alert">${failure}</p>`}
    ${dropping && html`<div class="dropping" aria-hidden="true"><p>${say('drop_here')}</p></div>`}
    ${zoomed && html`<${Later} part=${ZOOM} ...${zoomed} onClose=${() => setZoomed(null)} />`}
  </section>`;
}
