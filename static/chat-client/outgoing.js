/** Messages without a receipt. They go out in order, and again after a reconnect; one to an account at a time: the server might put one off and take the next. */

/** Repeating is harmless: the server knows a message by its `client_id`. */
function newClientId() {
  const random = () => Math.random().toString(36).slice(2, 10);
  return `${Date.now().toString(36)}-${random()}${random()}`;
}

/**
 * `ask` sends a query; `keep`, if given, remembers entries beyond this page: `{ all(), put(entry), drop(clientId) }`.
 * `on.sent(entry, frame)` and `on.failed(entry, error)` tell the end of each.
 */
export function createOutgoing({ ask, keep, on }) {
  const waiting = new Map();
  for (const entry of keep ? keep.all() : []) waiting.set(entry.clientId, entry);
  const underWay = new Map(); // by account
  let open = false;
  let pause = null;

  function flush() {
    for (const entry of waiting.values()) {
      if (!open || pause) return;
      if (!underWay.has(entry.account)) submit(entry);
    }
  }

  function submit(entry) {
    const { account, body, clientId } = entry;
    underWay.set(account, clientId);
    ask('send', { account, message: body, client_id: clientId })
      .then(
        (frame) => settle(clientId) && on.sent(entry, frame),
        (error) => {
          if (error.reason === 'offline') return;
          if (error.retryAfter) hold(error.retryAfter * 1000);
          else if (settle(clientId)) on.failed(entry, error);
        },
      )
      .then(() => {
        if (underWay.get(account) === clientId) underWay.delete(account);
        flush();
      });
  }

  /** Whether it was waiting; from now on it is not. */
  function settle(clientId) {
    const known = waiting.delete(clientId);
    if (known && keep) keep.drop(clientId);
    return known;
  }

  function hold(milliseconds) {
    clearTimeout(pause);
    pause = setTimeout(() => {
      pause = null;
      flush();
    }, milliseconds);
  }

  return {
    /** Every message that waits, oldest first. */
    all: () => [...waiting.values()],
    /** Put a message at the end; with the `clientId` of one that failed it is that one's next attempt. */
    add(account, body, clientId) {
      const entry = { clientId: clientId || newClientId(), account, body };
      waiting.set(entry.clientId, entry);
      if (keep) keep.put(entry);
      flush();
      return entry;
    },
    settle,
    open() {
      open = true;
      flush();
    },
    close() {
      open = false;
      underWay.clear();
    },
  };
}
