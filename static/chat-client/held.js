/** Which messages of which conversation a client holds: what catching up starts from. */

const OVERLAP = 10;

/**
 * What was pushed may have arrived in another order than its ids, so the newest id alone proves nothing: catching up
 * starts a few messages earlier, which also brings their read marks up to date.
 */
export function createHeld() {
  const ids = new Map();

  return {
    accounts: () => [...ids.keys()],
    has: (account) => ids.has(account),
    /** Everything up to `id` was fetched. */
    fetched(account, id) {
      ids.set(account, [id]);
    },
    /** A message was pushed. */
    pushed(account, id) {
      const known = ids.get(account);
      if (!known || known.includes(id)) return;
      known.push(id);
      known.sort((one, other) => one - other);
      if (known.length > OVERLAP) known.shift();
    },
    /** The oldest id to ask for again. */
    first: (account) => ids.get(account)[0],
    forget(account) {
      ids.delete(account);
    },
  };
}
