/** Which messages of which conversation a client holds: what catching up starts from. */

const OVERLAP = 10;
const MOST = 100;
const CHANGEABLE = 120000; // so long after it was sent a message may be taken back

const moment = (at) => Date.parse(at.replace(' ', 'T'));

/**
 * What was pushed may have arrived in another order than its ids, so the newest id alone proves nothing: catching up starts
 * a few messages earlier, and before all that may have been taken back.
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
