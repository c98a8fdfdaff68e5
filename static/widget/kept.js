/** What makes a visitor the same guest again. */

/**
 * It stands in the storage that the frame has on this one site. Browsers that give frames none leave it to the page
 * around, whose people can see the conversation then, too; `host.keep` tells it, and `given` is what it has kept.
 */
export function createKept({ appid, shop }, host) {
  const name = `chat.choice.guest.${appid}.${shop.number}`;
  let here = null;

  /** What is stored; null where nothing is, or nothing may be. */
  function stored(key, ...values) {
    try {
      for (const value of values) {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(value));
      }
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null; // forbidden, or full
    }
  }

  const own = stored('chat.choice.works', 1) === 1;
  const kept = {
    own,
    name,
    /** What tabs tell each other by; null to forget it. Gives what stands there. */
    note: (...text) => stored(`${name}.turn`, ...text),
    /** Nobody keeps it: it ends with this page. */
    lost: false,
    get: () => (own ? stored(name) : null) ?? here,
    set(value) {
      here = value;
      if (!own) host.keep(value);
      else kept.lost = stored(name, value) !== value;
    },
    given(value) {
      kept.lost = value === null && here !== null;
      here = value ?? here;
    },
  };
  return kept;
}
