/** The conversation list. Rows have one height, so only those in sight are drawn. */

import { html, useEffect, useLayoutEffect, useRef, useState } from '../../vendor/htm-preact.js';
import { brief } from '../times.js';
import { say } from '../words.js';
import { Avatar, Dialog, Icon, Menu } from './parts.js';

const ROW = 72;
const MARGIN = 6;

export function List({ store, onOpen, order, header, none }) {
  const [name, setName] = useState('');
  const ref = useRef();
  const { open } = store.state;
  const before = useRef(open);
  useEffect(() => {
    // Who goes back to the list with the keyboard is where they were in it.
    if (!open && before.current && document.activeElement === document.body) {
      ref.current.querySelector(`[data-of="${CSS.escape(before.current)}"]`)?.focus();
    }
    before.current = open;
  }, [open]);
  const wanted = name.trim().toLowerCase();
  const all = order ? order(store.talks.all()) : store.talks.all();
  const rows = wanted
    ? all.filter((row) => row.nickname.toLowerCase().includes(wanted) || row.account.toLowerCase().includes(wanted))
    : all;
  const exact = all.some((row) => row.account === name.trim());
  const keys = (event) => {
    if (event.key === 'Enter' && wanted && !event.isComposing && event.keyCode !== 229) onOpen(exact || !rows.length ? name.trim() : rows[0].account);
  };
  return html`<nav class="list" ref=${ref} aria-label=${say('conversations')}>
    ${header}
    <label class="search">
      <${Icon} name="search" />
      <input type="search" value=${name} placeholder=${say('search')} aria-label=${say('search')} onInput=${(event) => setName(event.target.value)} onKeyDown=${keys} />
    </label>
    ${wanted &&
    !exact &&
    html`<button class="start" onClick=${() => (setName(''), onOpen(name.trim()))}>${say('start_with', { name: name.trim() })}</button>`}
    ${rows.length > 0
      ? html`<${Rows} store=${store} rows=${rows} onOpen=${onOpen} />`
      : store.state.everListed
        ? (!wanted && none) ||
          html`<div class="empty">
            <p>${wanted ? say('search_none', { name: name.trim() }) : say('no_talks')}</p>
            ${!wanted && html`<p class="hint">${say('no_talks_hint')}</p>`}
          </div>`
        : html`<div class="skeletons" aria-hidden="true">${[1, 2, 3, 4, 5, 6].map(() => html`<div class="skeleton"><i></i><b></b><b></b></div>`)}</div>`}
  </nav>`;
}

function Rows({ store, rows, onOpen }) {
  const ref = useRef();
  const [sight, setSight] = useState({ top: 0, height: 900 });
  const [removing, setRemoving] = useState(null);
  const look = () => setSight({ top: ref.current.scrollTop, height: ref.current.clientHeight });
  useLayoutEffect(look, []);
  useEffect(() => {
    const observer = new ResizeObserver(look);
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(sight.top / ROW) - MARGIN);
  const last = Math.min(rows.length, Math.ceil((sight.top + sight.height) / ROW) + MARGIN);
  /** Up and down go from row to row. */
  const keys = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target.closest('.row');
    if (!step || !row || event.target.closest('[role=menu]')) return;
    event.preventDefault();
    const other = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    other?.querySelector('.row-open').focus();
    other?.scrollIntoView({ block: 'nearest' });
  };
  return html`<div class="rows" ref=${ref} onScroll=${look} onKeyDown=${keys}>
    <ul style=${{ height: `${rows.length * ROW}px` }}>
      ${rows
        .slice(first, last)
        .map((row, number) => html`<${Row} key=${row.account} store=${store} row=${row} at=${first + number} total=${rows.length} onOpen=${onOpen} onRemove=${setRemoving} />`)}
    </ul>
    ${removing &&
    html`<${Dialog} label=${say('remove')} kind="ask" onClose=${() => setRemoving(null)}>
      <p>${say('remove_ask', { name: removing.nickname })}</p>
      <div class="dialog-actions">
        <button onClick=${() => setRemoving(null)}>${say('cancel')}</button>
        <button class="danger" onClick=${() => (store.client.remove(removing.account).catch(() => {}), setRemoving(null))}>${say('remove')}</button>
      </div>
    <//>`}
  </div>`;
}

function Row({ store, row, at, total, onOpen, onRemove }) {
  const current = store.state.open === row.account;
  const draft = current ? '' : store.drafts.get(row.account);
  const items = () => [
    { label: row.pinned ? say('unpin') : say('pin'), icon: 'pin', act: () => store.client.pin(row.account, !row.pinned).catch(() => {}) },
    { label: say('remove'), icon: 'trash', danger: true, act: () => onRemove(row) },
  ];
  return html`<li
    class=${`row ${current ? 'is-current' : ''} ${row.pinned ? 'is-pinned' : ''}`}
    style=${{ transform: `translateY(${at * ROW}px)` }}
    aria-setsize=${total}
    aria-posinset=${at + 1}
  >
    <button class="row-open" data-of=${row.account} aria-current=${current ? 'true' : undefined} onClick=${() => onOpen(row.account)}>
      <${Avatar} ...${row} bell=${row.readonly} size=${48} online=${store.present(row.account)} />
      <span class="row-name">${row.nickname}${row.pinned ? html`<span class="row-pin" title=${say('pinned')}><${Icon} name="pin" /></span>` : null}</span>
      <time class="row-time">${brief(row.at)}</time>
      <span class="row-preview">
        ${store.typing(row.account)
          ? html`<em class="typing">${say('typing')}</em>`
          : draft
            ? html`<em class="draft">${say('draft')}</em> ${draft}`
            : row.preview}
      </span>
      ${row.unread > 0 && html`<span class="badge"><span aria-hidden="true">${row.unread > 99 ? '99+' : row.unread}</span><span class="unseen">${say('unread_n', { n: row.unread })}</span></span>`}
    </button>
    <${Menu} label=${`${say('more')}: ${row.nickname}`} items=${items} className="row-menu" />
  </li>`;
}
