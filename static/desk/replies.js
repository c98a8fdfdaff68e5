/** What the shop's people have at hand: its questions with their answers, and the quick replies that they keep. */

import { tabsOf } from '../chat/preferences.js';
import { untilAnswered } from '../chat/refusals.js';

const PLACE = '/api/me/shop/quick-replies/';
const MOST_SHOWN = 8;

/** `session` asks the server; `changed()` is called whenever there is something new to show. */
export function createReplies(session, changed) {
  const tabs = tabsOf(`chat.replies.${session.owner}`);
  let questions = null;
  let replies = null;

  function fetchAll() {
    return Promise.all([session.api('GET', '/api/me/shop/questions/'), session.api('GET', PLACE)]);
  }

  function take([asked, kept]) {
    questions = asked.questions;
    replies = kept.replies;
    changed();
  }

  function put(reply) {
    const others = (replies || []).filter((other) => other.id !== reply.id);
    replies = [...others, reply].sort((one, other) => (one.shortcut < other.shortcut ? -1 : 1));
    changed();
  }

  return {
    /** null until they are there. */
    questions: () => questions,
    all: () => replies,
    /** Fetch them now, and again when another tab has changed them or this one is looked at again. Returns a function that ends it. */
    follow() {
      let asking = untilAnswered(fetchAll, take);
      const again = () => {
        if (document.hidden) return;
        asking();
        asking = untilAnswered(fetchAll, take);
      };
      tabs.onmessage = again;
      document.addEventListener('visibilitychange', again);
      return () => {
        asking();
        tabs.onmessage = null;
        document.removeEventListener('visibilitychange', again);
      };
    },
    async save({ id, shortcut, text }) {
      put(await session.api(id ? 'PUT' : 'POST', id ? `${PLACE}${id}/` : PLACE, { shortcut, text }));
      tabs.postMessage('changed');
    },
    async remove({ id }) {
      await session.api('DELETE', `${PLACE}${id}/`);
      replies = replies.filter((other) => other.id !== id);
      changed();
      tabs.postMessage('changed');
    },
    /** Those that what stands in the box may mean: `/` and the beginning of a shortcut, or letters from within. */
    meant(box) {
      if (!replies || !box.startsWith('/') || box.includes('\n')) return [];
      const wanted = box.slice(1).trim().toLowerCase();
      const begin = replies.filter((reply) => reply.shortcut.toLowerCase().startsWith(wanted));
      const within = replies.filter((reply) => !begin.includes(reply) && `${reply.shortcut} ${reply.text}`.toLowerCase().includes(wanted));
      return [...begin, ...within].slice(0, MOST_SHOWN);
    },
  };
}

/** The text for a customer of that name. */
export const filled = (text, name) => text.replaceAll('{name}', () => name); // whatever signs are in it
