/** What the page knows, and what people do with it. Views read `store.state` and call its functions. */

import { useEffect, useState } from '../vendor/htm-preact.js';
import { createChatClient } from '../chat-client/client.js';
import { preview } from './bodies.js';
import { draftsOf, failedOf, waitingOf } from './preferences.js';
import { explained } from './refusals.js';
import { createRooms } from './rooms.js';
import { createTalks } from './talks.js';
import { now } from './times.js';

const LISTED_AT_ONCE = 100;
const TYPING_LASTS = 6000;
const TYPING_EVERY = 4000;

/** Everything for one signed-in account; `tell.arrived(message, row, shown)` when somebody else said something, `shown` where the window shows it at once, `tell.refused(error)`. */
export function createStore({ url, signIn, owner, tell }) {
  const client = createChatClient({ url, signIn, keep: waitingOf(owner, lost), subscribe: ['typing', 'online', 'recall', 'visit'] });
  const talks = createTalks();
  const drafts = draftsOf(owner, lost);
  const failed = failedOf(owner, lost);
  const watchers = new Set();
  const typing = new Map();
  const present = new Map();
  const state = { line: 'connecting', open: null, listed: false, everListed: false, unkept: false };
  let drawing = false;
  let listing = 0;
  let seen = new Set(); // what the list that is being fetched has named
  let renewing = null;
  let lastTyping = 0;

  function lost() {
    state.unkept = true;
    changed();
  }

  function changed() {
    if (drawing) return;
    drawing = true;
    queueMicrotask(() => {
      drawing = false;
      watchers.forEach((draw) => draw());
    });
  }

  const rooms = createRooms({ client, failed, changed });
  const watching = () => state.open !== null && document.visibilityState === 'visible';

  /** The whole list, page by page; the first page is shown at once. */
  async function list() {
    const mine = ++listing;
    seen = new Set();
    for (let page = 1; ; page += 1) {
      const users = await client.users({ page, limit: LISTED_AT_ONCE });
      if (mine !== listing) return;
      users.forEach((user) => seen.add(user.account));
      talks.list(users, page === 1);
      state.everListed = true;
      changed();
      if (users.length < LISTED_AT_ONCE) break;
    }
    if (state.open) seen.add(state.open);
    talks.keepOnly(seen);
    state.listed = true;
    changed();
  }

  /** Something is new at the top of the list, `account` if it is named: the first page will do, however long the list is. What comes meanwhile is in the next answer. */
  async function renew(account) {
    while (renewing) await renewing;
    if (talks.get(account)) return;
    renewing = client.users({ limit: LISTED_AT_ONCE }).finally(() => (renewing = null));
    const users = await renewing;
    users.forEach((user) => seen.add(user.account));
    talks.list(users, true);
    changed();
    if (account && !talks.get(account)) await list(); // so many are pinned
  }

  function quietly(promise) {
    promise.catch((error) => {
      if (!error.reason) throw error;
    });
  }

  client.on('state', ({ state: line, error }) => {
    state.line = line;
    if (line === 'online') {
      quietly(list());
      rooms.again();
      if (state.open) rooms.load(state.open);
    }
    if (line === 'refused') tell.refused(error);
    changed();
  });
  client.on('message', (message) => {
    rooms.put(message);
    typing.delete(message.peer);
    if (!message.live) return changed();
    const unread = !message.mine && !message.read ? 1 : 0;
    if (unread && state.open === message.peer && !watching()) rooms.mark(message.peer, { from: message.id });
    const { peer, id, body, at } = message;
    const known = talks.said(peer, { id, preview: preview(body), at, unread });
    if (!known) quietly(renew(peer));
    if (!message.mine) tell.arrived(message, talks.get(peer), watching() && state.open === peer);
    return changed();
  });
  client.on('sent', ({ clientId, peer, id, at, read }) => {
    failed.drop(clientId);
    rooms.sent(peer, clientId, { id, at, read, state: 'sent' });
    if (talks.get(peer)) talks.change(peer, { last: Math.max(id, talks.get(peer).last) });
    else quietly(renew(peer));
    changed();
  });
  client.on('failed', ({ clientId, peer, body, error }) => {
    const why = explained([error.reason], error.message);
    failed.put({ clientId, account: peer, body, why });
    rooms.sent(peer, clientId, { state: 'failed', why });
    changed();
  });
  client.on('read', ({ peer, upTo }) => rooms.read(peer, upTo));
  client.on('unread', ({ peer }) => {
    if (peer) talks.change(peer, { unread: 0 });
    changed();
  });
  client.on('deleted', ({ peer, upTo }) => {
    if (upTo === Infinity) {
      talks.drop(peer);
      if (state.open === peer) close();
      // The client holds it no longer: what comes later is fetched anew.
      rooms.drop(peer);
      for (const entry of failed.all()) if (entry.account === peer) failed.drop(entry.clientId);
    } else rooms.clear(peer, upTo);
    changed();
  });
  client.on('pinned', ({ peer, pinned }) => {
    talks.change(peer, { pinned: pinned ? 1 : 0 });
    changed();
  });
  client.on('menu', ({ peer, title, questions }) => rooms.menu(peer, { title, questions }));
  client.on('recalled', ({ peer, id, last }) => {
    rooms.recalled(peer, id);
    if (last || talks.get(peer)?.last === id) quietly(renew());
  });
  client.on('typing', ({ peer, typing: writes }) => {
    clearTimeout(typing.get(peer));
    typing.delete(peer);
    if (writes) {
      typing.set(peer, setTimeout(() => (typing.delete(peer), changed()), TYPING_LASTS));
    }
    changed();
  });
  client.on('online', ({ peer, online }) => {
    present.set(peer, online);
    changed();
  });

  function open(account) {
    if (state.open === account) return;
    state.open = account;
    rooms.load(account, talks.get(account)?.unread || 0);
    look();
    quietly(client.online([account]).then((found) => found.forEach((one) => present.set(one.account, one.online === 1))));
    changed();
  }

  function close() {
    state.open = null;
    quietly(client.leave());
    changed();
  }

  /** What arrives is read only while somebody can see it. */
  function look() {
    if (watching()) quietly(client.enter(state.open));
    else if (state.open) {
      rooms.mark(state.open, { from: 0 });
      quietly(client.leave());
    }
  }

  function send(account, body, { clientId } = {}) {
    const entry = client.send(account, body, { clientId });
    failed.drop(entry.clientId);
    rooms.mark(account, { from: 0 });
    rooms.put({ clientId: entry.clientId, peer: account, mine: true, body, at: now(), read: false, state: 'waiting', why: null });
    const row = { preview: preview(body), at: now(), unread: 0 };
    if (!talks.said(account, row)) {
      const { nickname = account, avatar = '' } = rooms.get(account)?.peer || {};
      talks.add({ account, nickname, avatar, ...row });
    }
    changed();
    return entry;
  }

  return {
    state,
    client,
    talks,
    rooms,
    owner,
    drafts,
    open,
    close,
    look,
    send,
    discard(account, clientId) {
      failed.drop(clientId);
      rooms.discard(account, clientId);
    },
    changed,
    typing: (account) => typing.has(account),
    present: (account) => present.get(account) === true,
    /** Whether the server tells of somebody with whom nobody may have talked yet: a shop. */
    knows: (account) => present.has(account),
    /** Tell the other side, now and then, that somebody writes. */
    writes(account) {
      if (Date.now() - lastTyping < TYPING_EVERY) return;
      lastTyping = Date.now();
      quietly(client.typing(account, true));
    },
    stop: client.stop,
    start: client.start,
    /** Draw again whenever something changes. */
    watch(draw) {
      watchers.add(draw);
      return () => watchers.delete(draw);
    },
  };
}

/** Draws the component again with every change of the store. */
export function useStore(store) {
  const [, draw] = useState(0);
  useEffect(() => {
    const again = () => draw((number) => number + 1);
    again(); // What changed between the first drawing and now.
    return store.watch(again);
  }, [store]);
}
