/** What this browser remembers: choices, drafts, and messages that wait. */

const unkept = new Map(); // what the browser does not take lasts as long as the page

function read(key, otherwise, storage = 'localStorage') {
  if (unkept.has(key)) return unkept.get(key);
  try {
    return JSON.parse(window[storage].getItem(key)) ?? otherwise;
  } catch {
    return otherwise; // storage is forbidden, or somebody else wrote there
  }
}

/** Whether it will be there after a reload. */
function write(key, value, storage = 'localStorage') {
  const nothing = value === null || value === '';
  unkept.delete(key);
  try {
    if (nothing) window[storage].removeItem(key);
    else window[storage].setItem(key, JSON.stringify(value));
    return true;
  } catch {
    // Full or forbidden.
    if (!nothing) unkept.set(key, value);
    return nothing;
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

/** What somebody was writing; `owner` is the account that writes, `lost()` is called when the browser does not take it. */
export function draftsOf(owner, lost) {
  const key = (peer) => `chat.draft.${owner}/${peer}`;
  return {
    get: (peer) => read(key(peer), ''),
    set: (peer, text) => write(key(peer), text) || lost(),
  };
}

/** Messages without a receipt: one entry each, so that tabs do not overwrite each other. */
export const waitingOf = (owner, lost) => entries(`chat.waiting.${owner}/`, lost);

/** Messages that the server did not take, until somebody tries again or drops them. */
export const failedOf = (owner, lost) => entries(`chat.failed.${owner}/`, lost);

function names() {
  try {
    return new Set([...Object.keys(localStorage), ...unkept.keys()]);
  } catch {
    return unkept.keys();
  }
}

function entries(beginning, lost) {
  const all = () =>
    [...names()]
      .filter((key) => key.startsWith(beginning))
      .map((key) => [key, read(key, null)])
      // Another account's name may begin with this one's.
      .filter(([key, entry]) => entry && key === beginning + entry.clientId)
      .map(([, entry]) => entry)
      .sort((one, other) => (one.place || 0) - (other.place || 0));
  return {
    all,
    put: (entry) => write(beginning + entry.clientId, { ...entry, place: (all().pop()?.place || 0) + 1 }) || lost(),
    drop: (clientId) => write(beginning + clientId, null),
  };
}

/** The same in other tabs of this browser. Where nothing may be kept some browsers forbid this, too: then there are none. */
export function tabsOf(name) {
  try {
    return new BroadcastChannel(name);
  } catch {
    return { postMessage() {}, close() {} };
  }
}
