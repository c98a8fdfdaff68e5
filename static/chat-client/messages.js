/** One shape for a message, however it was learned of, and which of them a client holds. */

const OVERLAP = 10;
const MOST = 100;
const CHANGEABLE = 120000; // so long after it was sent a message may be taken back

const moment = (at) => Date.parse(at.replace(' ', 'T'));

const shaped = (id, peer, mine, data) => ({
  id,
  peer,
  mine,
  body: data.message,
  at: data.created_at,
  read: data.is_read === 1,
  robot: data.robot === 1,
  handover: data.handover === 1,
  recalled: data.recalled === 1,
  clientId: data.client_id || null,
});

/** An item of `chats` or `history_chats` in the conversation with `peer`. */
export const listed = (item, peer) => shaped(item.message_id, peer, item.from_account !== peer, item);

/** A `user_message`, or a `sync_say` if it is `mine`. */
export const heard = (frame, peer, mine) => shaped(frame.message_id, peer, mine, frame.data);

/**
 * Which messages of which conversation are held: what catching up starts from. What was pushed may have arrived in another order
 * than its ids, so the newest id alone proves nothing: catching up starts a few messages earlier, and before all that may have been taken back.
 */
export function createHeld() {
  const known = new Map(); // { id, at } of the newest messages, oldest first

  function keep(account, messages) {
    const newest = messages[messages.length - 1];
    const late = messages.length - OVERLAP;
    const matters = ({ at }, place) => place >= late || moment(newest.at) - moment(at) <= CHANGEABLE;
    known.set(account, messages.filter(matters).slice(-MOST));
  }

  return {
    accounts: () => [...known.keys()],
    has: (account) => known.has(account),
    /** These were fetched, oldest first, and nothing is between them or behind them. */
    fetched(account, messages) {
      keep(account, messages.length ? messages : [{ id: 0, at: '' }]);
    },
    /** A message was pushed. */
    pushed(account, { id, at }) {
      const before = known.get(account);
      if (!before || before.some((other) => other.id === id)) return;
      keep(account, [...before, { id, at }].sort((one, other) => one.id - other.id));
    },
    /** The oldest id to ask for again. */
    first: (account) => known.get(account)[0].id,
    last: (account) => known.get(account).slice(-1)[0].id,
    forget(account) {
      known.delete(account);
    },
  };
}
