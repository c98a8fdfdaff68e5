/** The conversation list: rows by account, in the order in which they are shown. */

export function createTalks() {
  const rows = new Map();
  let newest = 0;
  let oldest = 0;
  let sorted = null;

  function touched() {
    sorted = null;
  }

  return {
    get: (account) => rows.get(account),
    size: () => rows.size,
    all: () => (sorted ??= [...rows.values()].sort((one, other) => other.pinned - one.pinned || other.order - one.order)),
    unread: () => [...rows.values()].reduce((total, row) => total + row.unread, 0),
    /** A page of the server's list; the first one goes on top of what is known. */
    list(users, first) {
      const ordered = first ? users.toReversed() : users;
      for (const user of ordered) {
        const known = rows.get(user.account);
        if (known && !first) continue;
        rows.set(user.account, {
          account: user.account,
          nickname: user.nickname,
          avatar: user.avatar,
          preview: user.last_msg,
          at: user.last_time,
          unread: user.noread_nums,
          last: user.message_id,
          pinned: user.is_top,
          readonly: user.type === -1,
          order: first ? ++newest : --oldest,
        });
      }
      touched();
    },
    /** Something was said, with an id once it is stored: the row goes on top. False where there is no such row. */
    said(account, { id = Infinity, preview, at, unread }) {
      const known = rows.get(account);
      if (!known) return false;
      if (id <= known.last) return true; // The list that the server gave has it already.
      const last = id === Infinity ? known.last : id;
      rows.set(account, { ...known, preview, at, last, unread: known.unread + unread, order: ++newest });
      touched();
      return true;
    },
    change(account, changes) {
      const known = rows.get(account);
      if (known) rows.set(account, { ...known, ...changes });
      touched();
    },
    add(row) {
      rows.set(row.account, { unread: 0, last: 0, pinned: 0, readonly: false, order: ++newest, ...row });
      touched();
    },
    drop(account) {
      rows.delete(account);
      touched();
    },
    /** Keep the rows that a complete list has named. */
    keepOnly(accounts) {
      for (const account of [...rows.keys()]) if (!accounts.has(account)) rows.delete(account);
      touched();
    },
  };
}
