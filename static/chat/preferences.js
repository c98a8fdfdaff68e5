/** What this browser remembers: choices, drafts, and messages that wait. */

function read(key, otherwise, storage = 'localStorage') {
  try {
    return JSON.parse(window[storage].getItem(key)) ?? otherwise;
  } catch {
    return otherwise; // storage is forbidden, or somebody else wrote there
  }
}

function write(key, value, storage = 'localStorage') {
  try {
    if (value === null || value === '') window[storage].removeItem(key);
    else window[storage].setItem(key, JSON.stringify(value));
  } catch {
    // Full or forbidden: the page goes on without memory.
  }
}

export const choices = {
  get: (name, otherwise) => read(`chat.choice.${name}`, otherwise),
  set: (name, value) => write(`chat.choice.${name}`, value),
};

/** As `choices`, of this tab alone. */
export const tab = {
  get: (name, otherwise) => read(`chat.tab.${name}`, otherwise, 'sessionStorage'),
  set: (name, value) => write(`chat.tab.${name}`, value, 'sessionStorage'),
};

export const theme = {
  get: () => document.documentElement.dataset.theme || 'auto',
  set(value) {
    if (value === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
    try {
      localStorage.setItem('chat.theme', value);
    } catch {
      // It holds for this page alone.
    }
  },
};

/** What somebody was writing; `owner` is the account that writes. */
export function draftsOf(owner) {
  const key = (peer) => `chat.draft.${owner}/${peer}`;
  return {
    get: (peer) => read(key(peer), ''),
    set: (peer, text) => write(key(peer), text),
  };
}

/** Messages without a receipt: one entry each, so that tabs do not overwrite each other. */
export const waitingOf = (owner) => entries(`chat.waiting.${owner}/`);

/** Messages that the server did not take, until somebody tries again or drops them. */
export const failedOf = (owner) => entries(`chat.failed.${owner}/`);

function entries(beginning) {
  function all() {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(beginning))
        .map((key) => [key, read(key, null)])
        // Another account's name may begin with this one's.
        .filter(([key, entry]) => entry && key === beginning + entry.clientId)
        .map(([, entry]) => entry)
        .sort((one, other) => (one.place || 0) - (other.place || 0));
    } catch {
      return [];
    }
  }
  return {
    all,
    put: (entry) => write(beginning + entry.clientId, { ...entry, place: (all().pop()?.place || 0) + 1 }),
    drop: (clientId) => write(beginning + clientId, null),
  };
}
