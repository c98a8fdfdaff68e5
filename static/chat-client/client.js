/** A chat client: queries as functions that return promises, and what happens as events. */

import { ChatError, createLine, offline } from './line.js';
import { createHeld, heard, listed } from './messages.js';
import { createOutgoing } from './outgoing.js';
import { browserSocket } from './sockets.js';

const BROWSER = 4;
const PAGE = 100;
const WATCHED = 100; // as many as one query may name

export function createChatClient({ url, signIn, source = BROWSER, open = browserSocket, keep = null, subscribe = [] }) {
  const handlers = new Map();
  const held = createHeld();
  const behind = new Set(); // conversations that are not caught up since the line came back
  const line = createLine({ url, open, source, signIn, on: { hear, state: changed } });
  const outgoing = createOutgoing({
    ask: line.ask,
    keep,
    on: {
      sent: receipt,
      failed(entry, error) {
        emit('failed', { clientId: entry.clientId, peer: entry.account, body: entry.body, error });
      },
    },
  });
  const watched = new Set(); // whose coming and going was asked for, oldest first
  let room = null;
  let returns = 0;

  function emit(name, detail) {
    for (const handler of [...(handlers.get(name) || [])]) {
      try {
        handler(detail);
      } catch (error) {
        // Its mistake is told, and is nobody else's.
        setTimeout(() => {
          throw error;
        }, 0);
      }
    }
  }

  function changed(state, why) {
    if (state !== 'online') {
      outgoing.close();
      held.accounts().forEach((account) => behind.add(account));
    }
    emit('state', { state, error: why || null });
    if (state === 'online') comeBack();
  }

  /** Everything that was missed, in the order that the protocol's document gives. */
  async function comeBack() {
    returns += 1;
    try {
      const asked = [];
      if (subscribe.length) asked.push(again('subscribe', { events: subscribe }));
      if (watched.size) asked.push(again('online', { accounts: [...watched] }).then(({ data }) => data.forEach(tellOnline)));
      if (room !== null) asked.push(again('enter_chats', { account: room }).then(hear));
      // The messages that wait go out before anything is fetched: they belong in what is fetched.
      outgoing.open();
      asked.push(...held.accounts().map(catchUp));
      await Promise.all(asked.map((one) => one.catch(ignoreRefusal)));
      emit('back', {});
    } catch (error) {
      // Cut off again: what is not caught up is tried at the next return.
      if (!(error instanceof ChatError)) throw error;
    }
  }

  /** Ask as often as the server puts it off, on this line. */
  async function again(query, data) {
    const mine = returns;
    for (;;) {
      try {
        return await line.ask(query, data);
      } catch (error) {
        if (!error.retryAfter) throw error;
        await new Promise((resolve) => setTimeout(resolve, error.retryAfter * 1000));
        if (mine !== returns) throw offline();
      }
    }
  }

  /** The server forgets with the socket whom it watches. */
  async function online(accounts) {
    for (const account of accounts) {
      watched.delete(account);
      watched.add(account);
    }
    for (const account of watched) {
      if (watched.size <= WATCHED) break;
      watched.delete(account);
    }
    return (await line.ask('online', { accounts })).data;
  }

  function tellOnline({ account, online: here }) {
    emit('online', { peer: account, online: here === 1 });
  }

  function ignoreRefusal(error) {
    if (!(error instanceof ChatError) || error.reason === 'offline') throw error;
  }

  async function catchUp(account) {
    const first = held.first(account);
    const found = [];
    let after = Math.max(first - 1, 0);
    for (;;) {
      const { data } = await again('history_chats', { account, after_id: after, limit: PAGE });
      if (!held.has(account)) return;
      const messages = data.list.map((item) => listed(item, account));
      const [next] = messages;
      if (first > 0 && !found.length && !(next && next.id === first)) {
        // Whoever deletes a conversation deletes all of it up to then.
        emit('deleted', { peer: account, upTo: next ? next.id - 1 : held.last(account) });
      }
      messages.forEach((message) => emit('message', { ...message, live: false }));
      found.push(...messages);
      if (next) after = messages[messages.length - 1].id;
      if (!data.has_more) break;
    }
    const seen = found.filter(({ mine, read }) => mine && read).pop();
    // Those before it were read, too, also where they lie before what was fetched.
    if (seen) emit('read', { peer: account, upTo: seen.id });
    if (found.length) held.fetched(account, found);
    behind.delete(account);
  }

  /** Another page of this browser may send what waits here, too: the first to hear of it settles it. */
  function tellSent({ client_id: clientId, chat_account: peer, is_read: read }, id, at) {
    const settled = clientId && outgoing.settle(clientId);
    if (settled) emit('sent', { clientId, peer, id, at, read: read === 1 });
    return settled;
  }

  function receipt(entry, frame) {
    const { message_id: id, created_at: at, data } = frame;
    hold(entry.account, { id, at });
    emit('sent', { clientId: entry.clientId, peer: entry.account, id, at, read: data.is_read === 1 });
  }

  /** While a conversation is behind, what is pushed proves nothing about what lies before it. */
  function hold(account, message) {
    if (!behind.has(account)) held.pushed(account, message);
  }

  const notices = {
    user_message(frame) {
      if (frame.message_id === undefined) {
        const { title, list } = frame.data.message.data || {};
        if (list) emit('menu', { peer: frame.data.account, title, questions: list });
        return;
      }
      push(heard(frame, frame.data.account, false));
    },
    sync_say(frame) {
      const { message_id: id, data } = frame;
      push(heard(frame, data.chat_account, true));
      tellSent(data, id, data.created_at);
    },
    sync_read({ message_id: id, created_at: at, data }) {
      if (!tellSent(data, id, at) && data.is_read) emit('read', { peer: data.chat_account, upTo: id });
    },
    sync_chat: ({ data }) => emit('read', { peer: data.chat_account, upTo: Infinity }),
    sync_all_noread_nums: ({ data }) => emit('unread', { total: data.all_noread_nums, peer: data.chat_account }),
    sync_chat_delete({ data }) {
      held.forget(data.chat_account);
      emit('deleted', { peer: data.chat_account, upTo: Infinity });
    },
    sync_top: ({ data }) => emit('pinned', { peer: data.chat_account, pinned: data.is_top === 1 }),
    sync_typing: ({ data }) => emit('typing', { peer: data.chat_account, typing: data.typing === 1 }),
    sync_online: ({ data }) => emit('online', { peer: data.chat_account, online: data.online === 1 }),
    sync_visit: ({ data }) => emit('visit', { peer: data.chat_account }),
    sync_recall: ({ data }) =>
      emit('recalled', { peer: data.chat_account, id: data.message_id, last: data.is_last === 1 }),
  };

  function hear(frame) {
    const notice = notices[frame.query];
    if (notice) notice(frame);
  }

  function push(message) {
    hold(message.peer, message);
    emit('message', { ...message, live: true });
  }

  /** A page of a conversation. */
  async function page(query, data) {
    const { data: found } = await again(query, data);
    return {
      peer: { account: found.target_account, nickname: found.target_nickname, avatar: found.target_avatar },
      myAvatar: found.my_avatar,
      messages: found.list.map((item) => listed(item, found.target_account)),
      hasMore: found.has_more,
    };
  }

  return {
    on(name, handler) {
      if (!handlers.has(name)) handlers.set(name, new Set());
      handlers.get(name).add(handler);
      return () => handlers.get(name).delete(handler);
    },
    state: line.state,
    start: line.start,
    stop: line.stop,
    wake() {
      line.wake();
      line.probe();
    },
    users: async ({ page: number = 1, limit = 20 } = {}) => (await again('users', { page: number, limit })).data,
    /** The newest messages; from now on they are held, and made complete after every reconnect. */
    async chats(account) {
      const found = await page('chats', { account });
      held.fetched(account, found.messages);
      return found;
    },
    history: (account, { before, after, limit = 20 }) =>
      page('history_chats', { account, limit, ...(after === undefined ? { start_id: before } : { after_id: after }) }),
    /** Hold a conversation no longer. */
    forget: held.forget,
    async enter(account) {
      room = account;
      hear(await line.ask('enter_chats', { account }));
    },
    async leave() {
      room = null;
      await line.ask('leave_chats');
    },
    send: (account, body, { clientId } = {}) => outgoing.add(account, body, clientId),
    waiting: outgoing.all,
    async remove(account) {
      const frame = await line.ask('chat_delete', { account });
      held.forget(account);
      hear(frame);
      emit('deleted', { peer: account, upTo: Infinity });
    },
    async pin(account, pinned) {
      await line.ask('top', { account, operation: pinned ? 'set' : 'cancel' });
      emit('pinned', { peer: account, pinned });
    },
    /** The shop's menu as the event `menu`, or its answer as a message. */
    async robot(account, shopId, { content, questionId, apiToken } = {}) {
      const question = { content, question_id: questionId, api_token: apiToken };
      hear(await line.ask('robot', { account, shop_id: shopId, ...question }));
    },
    typing: (account, typing) => line.ask('typing', { account, typing: typing ? 1 : 0 }),
    online,
    async recall(account, id) {
      await line.ask('recall', { account, message_id: id });
      emit('recalled', { peer: account, id, last: false });
    },
  };
}
