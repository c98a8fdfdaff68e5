/** Files on their way: shown at once, uploaded one after another, then sent as messages. */

import { now } from './times.js';
import { later } from './views/later.js';
import { say } from './words.js';

const UPLOADS = later((again) => import(`./uploads.js${again}`));

/** What browsers show or play everywhere, and the server takes as such; anything else can be had as a file. */
const KINDS = {
  image: /^image\/(jpeg|png|gif|webp)$/,
  video: /^video\/(mp4|quicktime|webm|ogg|3gpp)$/,
  audio: /^audio\//,
};

/** What keeps a file from being uploaded, in words for people; `code` is `offline` if no answer came, and it may help to ask again after `retryAfter` seconds. */
export class NotUploaded extends Error {
  constructor(code, message, retryAfter = 0) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** What sort of message a file becomes. */
function kindOf(file) {
  return Object.keys(KINDS).find((kind) => KINDS[kind].test(file.type)) || 'file';
}

/** As it will be said; with an address of this page's own until the file is uploaded. */
export function bodyFor(kind, url, { cover = '', seconds = 0, name = '', size = 0 }) {
  if (kind === 'image') return { type: 'img', content: url };
  if (kind === 'audio') return { type: 'audio', content: `${seconds}|${url}` };
  if (kind === 'video') return { type: 'video', content: `${cover}|${url}` };
  return { type: 'file', content: url, data: { name, size } };
}

let number = 0;

/** `token()` resolves to a chat token of the account that is signed in. */
export function createSendingFiles(store, token) {
  const turns = new Map(); // by the other side: what was picked first is said first
  const cancels = new Map(); // by clientId
  const leaving = (event) => event.preventDefault();

  /** The line is there, or the network: nobody knows which of them is told first. */
  function back(signal) {
    return new Promise((resolve) => {
      const done = () => {
        end();
        window.removeEventListener('online', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const end = store.client.on('state', ({ state }) => state === 'online' && done());
      window.addEventListener('online', done);
      signal.addEventListener('abort', done);
    });
  }

  /** The body of the message. What breaks off because the network is gone begins anew when it is back, and what came too soon a little later. */
  async function uploaded({ peer, clientId, file, kind, seconds }, signal) {
    for (;;) {
      const tell = (part) => store.rooms.sent(peer, clientId, { part });
      try {
        const { upload } = await UPLOADS.fetch().catch(() => Promise.reject(new NotUploaded('offline', say('upload_failed'))));
        return await upload(file, kind, await token(), { seconds, signal, tell });
      } catch (error) {
        const offline = error.code === 'offline' && !(navigator.onLine && store.state.line === 'online');
        if (signal.aborted || !(offline || error.retryAfter)) throw error;
        if (offline) await back(signal);
        else await new Promise((go) => setTimeout(go, error.retryAfter * 1000));
        if (signal.aborted) throw error;
      }
    }
  }

  async function go(message, before, signal) {
    const { peer, clientId, local } = message;
    await before;
    try {
      if (signal.aborted) return;
      const body = await uploaded(message, signal);
      store.rooms.sent(peer, clientId, { file: null });
      store.send(peer, body, { clientId });
      URL.revokeObjectURL(local);
    } catch (error) {
      if (!(error instanceof NotUploaded) && !error.code) throw error;
      if (!signal.aborted) store.rooms.sent(peer, clientId, { state: 'failed', why: error.message, part: 0 });
    } finally {
      cancels.delete(clientId);
      if (!cancels.size) window.removeEventListener('beforeunload', leaving);
    }
  }

  function begin(message) {
    const { peer, clientId } = message;
    const cancel = new AbortController();
    cancels.set(clientId, cancel);
    window.addEventListener('beforeunload', leaving); // A file does not outlive the page, as words do.
    store.rooms.put({ ...message, state: 'waiting', why: null });
    turns.set(peer, go(message, turns.get(peer), cancel.signal));
  }

  return {
    send(peer, file, seconds = 0) {
      const kind = kindOf(file);
      const local = URL.createObjectURL(file);
      const body = bodyFor(kind, local, { seconds, name: file.name, size: file.size });
      number += 1;
      const clientId = `file-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${number}`;
      begin({ clientId, peer, mine: true, body, at: now(), read: false, file, kind, seconds, local });
    },
    again: begin,
    /** Ends it, if it is under way. */
    cancel({ clientId, local }) {
      cancels.get(clientId)?.abort();
      URL.revokeObjectURL(local);
    },
    end: () => cancels.forEach((cancel) => cancel.abort()),
  };
}
