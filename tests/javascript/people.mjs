/** Clients of a running server, and waiting for what they hear. */

import { createChatClient } from '../../static/chat-client.js';

export const { CHAT_URL: url, CHAT_APPID: appid, CHAT_TOKENS: tokens = '{}' } = process.env;
export const token = (account) => JSON.parse(tokens)[account];

const PATIENCE = 20000;

/** A client whose line can be cut, and whose events are kept for who asks later. */
export function person(account, options = {}) {
  const sockets = [];
  const heard = [];
  const wanted = [];
  const real = options.open;
  const open = (address, on) => {
    const socket = (real || plainSocket)(address, filtered(on));
    sockets.push(socket);
    return socket;
  };
  let deaf = () => false;
  const filtered = (on) => ({
    ...on,
    text(text) {
      if (deaf(JSON.parse(text))) sockets.at(-1).close();
      else on.text(text);
    },
  });
  const signIn = () => ({ appid, account, password: '123456' });
  const client = createChatClient({ url, signIn, ...options, open });
  for (const name of ['state', 'message', 'sent', 'failed', 'read', 'unread', 'deleted', 'pinned', 'menu', 'online', 'back']) {
    client.on(name, (detail) => {
      heard.push([name, detail]);
      wanted.forEach((look) => look());
    });
  }
  return {
    client,
    heard,
    /** The first event of that name, already heard or still to come, that fits; it is taken away. */
    until(name, fits = () => true) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no ${name}; heard: ${JSON.stringify(heard)}`)), PATIENCE);
        const look = () => {
          const place = heard.findIndex(([other, detail]) => other === name && fits(detail));
          if (place < 0) return;
          clearTimeout(timer);
          wanted.splice(wanted.indexOf(look), 1);
          resolve(heard.splice(place, 1)[0][1]);
        };
        wanted.push(look);
        look();
      });
    },
    async online() {
      client.start();
      await this.until('back');
      return this;
    },
    cut: () => sockets.at(-1).close(),
    /** Lose the line in place of the first frame that fits. */
    loseAt(fits) {
      deaf = (frame) => {
        const lost = fits(frame);
        if (lost) deaf = () => false;
        return lost;
      };
    },
    attempts: () => sockets.length,
  };
}

export function plainSocket(address, on) {
  const socket = new WebSocket(address);
  socket.onopen = () => on.open();
  socket.onmessage = (event) => on.text(event.data);
  socket.onclose = (event) => on.close(event.code);
  return { send: (text) => socket.send(text), close: () => socket.close() };
}

export const txt = (content) => ({ type: 'txt', content });
