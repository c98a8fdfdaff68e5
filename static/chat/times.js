/** The present as the server has it, and times as people read them: they come as `YYYY-MM-DD HH:MM:SS` in the server's zone, and are shown as they come. */

import { page } from './page.js';
import { language, say } from './words.js';

const BEARABLE = 2000; // the server tells whole seconds, and its answer was on the way for a while
let ahead = 0; // clocks of phones and shop computers are wrong by minutes and hours: how far the server’s is ahead, in milliseconds

export const present = () => Date.now() + ahead;

/** `date` is the header of an answer that has just come. */
export function setClock(date) {
  const difference = Date.parse(date) - Date.now();
  ahead = Math.abs(difference) > BEARABLE ? difference : 0;
}

const two = (number) => String(number).padStart(2, '0');

const zone = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'medium', timeZone: page.timeZone });

/** The present as the server would write it. */
export const now = () => zone.format(present());

/** A moment of the HTTP interface, which has its zone with it, as it stands in messages. */
export const local = (iso) => zone.format(new Date(iso));

const date = (at) => new Date(`${at.slice(0, 10)}T12:00:00`);

function daysAgo(at) {
  return Math.round((date(now()) - date(at)) / 86400000);
}

export const clock = (at) => at.slice(11, 16);

const weekday = new Intl.DateTimeFormat(language, { weekday: 'long' });
const short = new Intl.DateTimeFormat(language, { month: 'numeric', day: 'numeric' });
const long = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', day: 'numeric' });

/** The heading above a day's messages. */
export function day(at) {
  const ago = daysAgo(at);
  if (ago === 0) return say('today');
  if (ago === 1) return say('yesterday');
  return ago > 1 && ago < 7 ? weekday.format(date(at)) : long.format(date(at));
}

/** In a list: the hour of today, the day of this week, the date before. */
export function brief(at) {
  const ago = daysAgo(at);
  if (ago <= 0) return clock(at);
  if (ago === 1) return say('yesterday');
  return ago < 7 ? weekday.format(date(at)) : short.format(date(at));
}

export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${two(Math.floor(seconds % 60))}`;

/** Whether a message from then may still be taken back: two minutes, less what the way there takes. */
export const recallable = (at) => new Date(now().replace(' ', 'T')) - new Date(at.replace(' ', 'T')) < 115000;
