/** The conversations that were opened: what is known of the other side, and their messages by id, and behind them what has no id yet. */

import { PASSING } from './refusals.js';
import { now } from './times.js';

const KEPT = 30;
const PAGE = 50;
const AGAIN = 3; // seconds until what failed in passing is tried once more

const byId = (one, other) => (one.id || Infinity) - (other.id || Infinity) || 0;

/** `known` with `message` in its place: new, or over the one with its id or `clientId`. */
export function put(known, message) {
  const same = (other) => (message.id && other.id === message.id) || (message.clientId && other.clientId === message.clientId);
  // There may be two: one was listed by its id before its receipt said which one it is.
  const found = known.filter(same);
  if (!found.length) return insert(known, message);
  const merged = Object.assign({}, ...found, message);
  merged.clientId = found.at(-1).clientId || message.clientId;
  merged.read = [...found, message].some(({ read }) => read);
  if (merged.id) merged.state = 'sent';
  return insert(known.filter((other) => !same(other)), merged);
}

function insert(known, message) {
  let place = known.length;
  while (place > 0 && byId(known[place - 1], message) > 0) place -= 1;
  return known.toSpliced(place, 0, message);
}

/** A page of older messages in front. */
function prepend(known, page) {
  const first = known.find((message) => message.id);
  return [...page.filter((message) => !first || message.id < first.id), ...known];
}

/** What was sent up to an id is read. */
function markRead(known, upTo) {
  return known.map((message) => (message.mine && message.id && message.id <= upTo && !message.read ? { ...message, read: true } : message));
}

/** Whether somebody else said it, and it is stored. */
export const heard = (message) => Boolean(message.id) && !message.mine && !message.passing;

/** Where so many unread messages begin: `from` that id, or with so many of them `before` these where there is more to be had. */
function newFrom(messages, unread, hasMore) {
  const theirs = messages.filter(heard);
  const before = Math.max(0, unread - theirs.length);
  if (before && hasMore) return { from: 0, before };
  return { from: (unread && (theirs.at(-unread) || theirs[0])?.id) || 0, before: 0 };
}

/** `failed` keeps what the server did not take. */
export function createRooms({ client, failed, changed }) {
  const rooms = new Map();
  const stuck = new Set(); // whose older messages could not be had

  function update(account, changes) {
    const room = rooms.get(account);
    if (!room) return;
    rooms.set(account, { ...room, ...changes });
    changed();
  }

  /** What was written here and is not stored: it failed, or waits. */
  function unsent(account, at) {
    const entries = [...failed.all(), ...client.waiting()].filter((entry) => entry.account === account);
    return entries.map(({ clientId, body, why }) => ({ clientId, peer: account, mine: true, body, at, read: false, state: why ? 'failed' : 'waiting', why }));
  }

  /** Only so many conversations are held: the one opened longest ago makes room. */
  function makeRoom() {
    while (rooms.size > KEPT) {
      const [oldest] = rooms.keys();
      rooms.delete(oldest);
      client.forget(oldest);
    }
  }

  return {
    get: (account) => rooms.get(account),
    /** Nothing was said yet: what waits to be sent is all there is, until the conversation is loaded. */
    begin(account, peer, menu) {
      const known = { account, peer, messages: unsent(account, ''), hasMore: false };
      rooms.set(account, { ...known, loaded: true, fresh: true, loading: false, error: null });
      this.menu(account, menu);
    },
    /** `unread` messages of the other side are new to whoever opens it; without their number it stays as it was. */
    async load(account, unread) {
      const known = rooms.get(account);
      rooms.delete(account);
      rooms.set(account, known || { account, peer: null, messages: [], hasMore: false, loaded: false, loading: false, error: null });
      makeRoom();
      if (known && ((known.loaded && !known.fresh) || known.loading)) return unread !== undefined && this.mark(account, newFrom(known.messages, unread, known.hasMore));
      update(account, { loading: true, error: null });
      try {
        const page = await client.chats(account);
        if (!rooms.has(account)) return client.forget(account); // Others were opened meanwhile.
        const kept = unsent(account, page.messages.at(-1)?.at || '');
        const pushed = rooms.get(account).messages;
        const messages = [...kept, ...pushed].reduce(put, page.messages);
        update(account, { peer: page.peer, messages, ...newFrom(messages, unread || 0, page.hasMore), hasMore: page.hasMore, loaded: true, fresh: false, loading: false });
      } catch (error) {
        if (!error.reason) throw error;
        const passing = PASSING.includes(error.reason);
        update(account, { loading: false, error: passing ? null : error });
        if (passing && error.reason !== 'offline') setTimeout(() => rooms.has(account) && this.load(account), (error.retryAfter || AGAIN) * 1000);
      }
      return undefined;
    },
    /** A page of what is older; resolves once it stands there. */
    async older(account) {
      const room = rooms.get(account);
      if (!room || !room.loaded || !room.hasMore || room.loading) return;
      const first = room.messages.find((message) => message.id && !message.passing);
      update(account, { loading: true });
      try {
        const page = await client.history(account, { before: first ? first.id : 0, limit: PAGE });
        const { messages = [], before = 0 } = rooms.get(account) || {};
        const began = before && newFrom(page.messages, before, page.hasMore);
        update(account, { messages: prepend(messages, page.messages), ...began, hasMore: page.hasMore, loading: false });
      } catch (error) {
        if (!error.reason) throw error;
        stuck.add(account);
        setTimeout(this.again, (error.retryAfter || AGAIN) * 1000);
      }
    },
    /** Who still wants the older messages that could not be had may ask for them again. */
    again() {
      for (const account of stuck) update(account, { loading: false });
      stuck.clear();
    },
    put(message) {
      const room = rooms.get(message.peer);
      if (room) update(message.peer, { messages: put(room.messages, message) });
    },
    /** A message that was written here is on its way, arrived or failed. */
    sent(account, clientId, changes) {
      const room = rooms.get(account);
      const message = room?.messages.find((other) => other.clientId === clientId);
      if (message) update(account, { messages: put(room.messages, { ...message, ...changes }) });
    },
    discard(account, clientId) {
      const room = rooms.get(account);
      if (room) update(account, { messages: room.messages.filter((message) => message.clientId !== clientId) });
    },
    read(account, upTo) {
      const room = rooms.get(account);
      if (room) update(account, { messages: markRead(room.messages, upTo) });
    },
    /** What is new begins there, and stays where it began; with 0 nothing is. */
    mark(account, { from, before = 0 }) {
      const room = rooms.get(account);
      if (room && Boolean(room.from || room.before) !== Boolean(from || before)) update(account, { from, before });
    },
    drop: (account) => rooms.delete(account),
    clear(account, upTo) {
      const room = rooms.get(account);
      if (room) update(account, { messages: room.messages.filter((message) => (message.id || 0) > upTo) });
    },
    recalled(account, id) {
      const messages = rooms.get(account)?.messages.map((message) => (message.id === id ? { ...message, recalled: true } : message));
      if (messages) update(account, { messages });
    },
    /** The robot's menu stands where it came, though nobody stores it: behind the newest message, with an id between two. null drops it. */
    menu(account, menu) {
      const messages = rooms.get(account)?.messages.filter((message) => !message.passing);
      if (!messages) return;
      const newest = messages.findLast((message) => message.id)?.id || 0;
      const body = menu && { type: 'robot', content: menu.title, data: { title: menu.title, list: menu.questions } };
      const passing = { id: newest + 0.5, peer: account, mine: false, robot: true, body, at: now(), read: true, passing: true };
      update(account, { messages: menu ? put(messages, passing) : messages });
    },
  };
}
