/** What the server says no with, in words of the page, and asking again what could not be answered. */

import { say } from './words.js';

const AFTER = 3;
const LONGEST = 30;
export const PASSING = ['offline', 'unavailable', 'internal_error', 'too_many_requests', 'server_busy', 'storage_unavailable'];

const SAME = {
  notification_account: 'readonly',
  offline: 'failed_offline',
  storage_unavailable: 'refused_unavailable',
  server_busy: 'refused_unavailable',
  too_large: 'refused_message_too_large',
};

/** By the first of these stable words that the page knows; else as the server put it. */
export function explained(words, message = '') {
  const known = words.map((word) => (SAME[word] ? say(SAME[word]) : say(`refused_${word}`))).find(Boolean);
  return known || message || say('failed_offline');
}

/** Calls `ask` until it resolves, for `take`, or is refused for good. Returns a function that ends it. */
export function untilAnswered(ask, take) {
  let timer = null;
  let wait = AFTER;
  let ended = false;
  const attempt = () =>
    ask().then(
      (answer) => ended || take(answer),
      (error) => {
        if (!error.code) throw error;
        if (ended || !PASSING.includes(error.code)) return;
        const seconds = Math.max(wait, error.retryAfter || 0);
        wait = Math.min(wait * 2, LONGEST);
        timer = setTimeout(attempt, seconds * 1000 * (1 + Math.random() / 2));
      },
    );
  attempt();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
