/** The desk as a whole: who waits, the conversation, and beside it what helps to answer. */

import { html, useCallback, useEffect, useMemo, useRef, useState } from '../../vendor/htm-preact.js';
import { showUnread } from '../../chat/attention.js';
import { useAbout, useAddress } from '../../chat/opened.js';
import { page } from '../../chat/page.js';
import { choices } from '../../chat/preferences.js';
import { useStore } from '../../chat/store.js';
import { Later, later, useParts } from '../../chat/views/later.js';
import { Line, Unkept } from '../../chat/views/line.js';
import { List } from '../../chat/views/list.js';
import { Dialog, IconButton } from '../../chat/views/parts.js';
import { Room } from '../../chat/views/room.js';
import { say } from '../../chat/words.js';
import { useKeys } from '../keys.js';
import { createReplies } from '../replies.js';
import { useSuggestions } from './suggestions.js';

const PANEL = later((again) => import(`./panel.js${again}`));
const SETTINGS = later((again) => import(`../../chat/views/settings.js${again}`));
const SHORTCUTS = later((again) => import(`./shortcuts.js${again}`));
const broad = matchMedia('(min-width: 1100px)');

export function Desk({ store, uploads, session, me, onLeave }) {
  useStore(store);
  const { open, back } = useAddress(store);
  const { state } = store;
  const wide = useWide();
  const replies = useMemo(() => createReplies(session, store.changed), [store]);
  const about = useAbout(session, store, state.open);
  const [dialog, setDialog] = useState(null);
  const [waiting, setWaiting] = useState(false);
  const [beside, setBeside] = useState(choices.get('panel', true));
  const [sheet, setSheet] = useState(false);
  const [tab, setTab] = useState('answers');
  const kept = useRef(null);
  const box = useRef();
  const wanted = useRef(false); // the search field is to have the focus once it is there
  const there = useCallback((field) => {
    if (!field || !wanted.current) return;
    wanted.current = false;
    queueMicrotask(() => field.focus()); // It is not in the page yet.
  }, []);

  useEffect(() => {
    if (!me || state.line !== 'online') return undefined;
    return replies.follow();
  }, [me, state.line === 'online', replies]);
  useParts(state.listed);
  useEffect(() => showUnread(store.talks.unread()));

  const order = (rows) => {
    const ordered = unreadFirst(rows, kept.current);
    return waiting ? ordered.filter((row) => row.unread > 0 || row.account === kept.current) : ordered;
  };
  const go = (account) => {
    if (!account || account === state.open) return;
    kept.current = store.talks.get(account)?.unread > 0 ? account : null;
    open(account);
  };
  const show = (name) => {
    setTab(name);
    if (wide) setBeside(true);
    else setSheet(true);
  };
  const toggle = () => {
    if (!wide) return setSheet(!sheet);
    choices.set('panel', !beside);
    return setBeside(!beside);
  };
  const choose = (text) => {
    setSheet(false);
    requestAnimationFrame(() => box.add?.(text)); // As long as the sheet is there the box cannot have the focus.
  };
  const peer = state.open && (store.rooms.get(state.open)?.peer || store.talks.get(state.open));
  const suggestions = useSuggestions(replies, peer?.nickname || state.open || '', box);

  useKeys({
    move: (step) => go(neighbour(order(store.talks.all()), state.open, step)),
    unread: () => go(store.talks.all().find((row) => row.unread > 0 && row.account !== state.open)?.account),
    search: () => document.querySelector('.list .search input').focus(),
    box: () => box.current?.focus(),
    answers() {
      const field = document.querySelector('.answers .search input');
      wanted.current = !field;
      field?.focus();
      show('answers');
    },
    quick: () => show('quick'),
    panel: toggle,
    leave() {
      const row = document.querySelector('.row.is-current .row-open') || document.querySelector('.row-open');
      if (row) row.focus();
      else box.current.blur();
    },
    help: () => setDialog('shortcuts'),
  });

  const unread = store.talks.all().filter((row) => row.unread > 0).length;
  const header = html`<header class="list-head">
      <p class="list-title">${say('desk')}</p>
      <${IconButton} icon="keys" label=${say('shortcuts')} kind="quiet only-broad" onClick=${() => setDialog('shortcuts')} />
      <${IconButton} icon="gear" label=${say('settings')} onClick=${() => setDialog('settings')} />
    </header>
    <div class="segments filter" role="group" aria-label=${say('filter')}>
      <button type="button" aria-pressed=${String(!waiting)} onClick=${() => setWaiting(false)}><span>${say('all')}</span></button>
      <button type="button" aria-pressed=${String(waiting)} onClick=${() => setWaiting(true)}><span>${say('unread')}${unread > 0 ? ` ${unread}` : ''}</span></button>
    </div>`;
  const none = waiting && html`<div class="empty"><p>${say('all_read')}</p><p class="hint">${say('all_read_hint')}</p></div>`;
  const shown = wide ? beside : sheet;
  const tools = html`<${IconButton} icon="panel" label=${say('panel')} kind=${`quiet ${shown ? 'is-on' : ''}`} aria-expanded=${String(shown)} onClick=${toggle} />`;
  const panel = state.open && html`<${Later} part=${PANEL} plain store=${store} account=${state.open} about=${about} replies=${replies} tab=${tab} onTab=${setTab} input=${there} onChoose=${choose} />`;

  return html`<div class=${`app desk ${state.open ? 'has-room' : ''} ${state.open && wide && beside ? 'has-panel' : ''}`}>
    <${Line} store=${store}><${Unkept} store=${store} /><//>
    <${List} store=${store} onOpen=${go} order=${order} header=${header} none=${none} />
    <main class="stage">
      <h1 class="unseen">${say('desk')}</h1>
      ${state.open
        ? html`<${Room} key=${state.open} store=${store} account=${state.open} uploads=${uploads} onBack=${back} box=${box} suggestions=${suggestions} tools=${tools} />`
        : html`<div class="empty"><img src=${page.mark} alt="" width="72" height="72" /><p>${say('nothing_open')}</p></div>`}
    </main>
    ${panel && wide && beside && html`<aside class="panel" aria-label=${say('panel')}>${panel}</aside>`}
    ${panel &&
    !wide &&
    sheet &&
    html`<${Dialog} label=${say('panel')} kind="sheet" onClose=${() => setSheet(false)}>
      <${IconButton} icon="close" label=${say('panel_close')} kind="quiet sheet-close" onClick=${() => setSheet(false)} />
      ${panel}
    <//>`}
    ${dialog === 'settings' && html`<${Later} part=${SETTINGS} onLeave=${onLeave} onClose=${() => setDialog(null)} />`}
    ${dialog === 'shortcuts' && html`<${Later} part=${SHORTCUTS} onClose=${() => setDialog(null)} />`}
  </div>`;
}

/** Whether there is room for the panel beside the conversation. */
function useWide() {
  const [wide, setWide] = useState(broad.matches);
  useEffect(() => {
    const look = () => setWide(broad.matches);
    broad.addEventListener('change', look);
    return () => broad.removeEventListener('change', look);
  }, []);
  return wide;
}

/** Rows with unread messages before the others; `kept` is one that stays among the first though it was just opened. */
function unreadFirst(rows, kept) {
  const waits = (row) => row.unread > 0 || row.account === kept;
  return [...rows.filter(waits), ...rows.filter((row) => !waits(row))];
}

/** The account before or behind `current` among rows, or the first; null at the end. */
function neighbour(rows, current, step) {
  const at = rows.findIndex((row) => row.account === current);
  if (at < 0) return rows[0]?.account ?? null;
  return rows[at + step]?.account ?? null;
}
