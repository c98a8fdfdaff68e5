/** What the server says no with, in words of the page. */

import { say } from './words.js';

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
