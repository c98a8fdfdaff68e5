/** Files on their way: shown at once, uploaded, then sent as messages. */

import { now } from './times.js';
import { bodyFor, kindOf, upload } from './uploads.js';

let number = 0;

/** `token()` resolves to a chat token of the account that is signed in. */
export function createSendingFiles(store, token) {
  async function go(message) {
    const { peer, clientId, file, kind, seconds } = message;
    store.rooms.put({ ...message, state: 'waiting', why: null });
    try {
      const body = await upload(file, kind, await token(), seconds);
      store.rooms.sent(peer, clientId, { file: null });
      store.send(peer, body, { clientId });
    } catch (error) {
      store.rooms.sent(peer, clientId, { state: 'failed', why: error.message });
    }
  }

  return {
    send(peer, file, seconds = 0) {
      const kind = kindOf(file);
      const body = bodyFor(kind, URL.createObjectURL(file), { seconds, name: file.name, size: file.size });
      number += 1;
      const clientId = `file-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${number}`;
      return go({ clientId, peer, mine: true, body, at: now(), read: false, file, kind, seconds });
    },
    again: go,
  };
}
