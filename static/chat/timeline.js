/** The messages of a conversation in their order: by id, and behind them what has no id yet. */

const before = (one, other) => (one.id || Infinity) - (other.id || Infinity) || 0;

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
  while (place > 0 && before(known[place - 1], message) > 0) place -= 1;
  return known.toSpliced(place, 0, message);
}

/** A page of older messages in front. */
export function prepend(known, page) {
  const first = known.find((message) => message.id);
  return [...page.filter((message) => !first || message.id < first.id), ...known];
}

/** What was sent up to an id is read. */
export function markRead(known, upTo) {
  return known.map((message) => (message.mine && message.id && message.id <= upTo && !message.read ? { ...message, read: true } : message));
}

const GROUP = 5 * 60 * 1000;
const moment = (at) => Date.parse(at.replace(' ', 'T'));

/** Whether a day begins with this message, and whether it continues what the same side just said. */
export function place(message, previous) {
  const newDay = !previous || previous.at.slice(0, 10) !== message.at.slice(0, 10);
  const follows =
    !newDay && previous.mine === message.mine && !previous.recalled && moment(message.at) - moment(previous.at) < GROUP;
  return { newDay, follows };
}
