/** What makes a visitor the same guest again. */

import { choices } from '../chat/preferences.js';

/**
 * It stands in the storage that the frame has on this one site. Browsers that give frames none leave it to the page
 * around, whose people can see the conversation then, too; `host.keep` tells it, and `given` is what it has kept.
 */
export function createKept({ appid, shop }, host) {
  const name = `guest.${appid}.${shop.number}`;
  let here = null;
  choices.set('works', 1);
  const own = choices.get('works', 0) === 1;
  return {
    own,
    get: () => (own ? choices.get(name, null) : here),
    set(value) {
      here = value;
      if (own) choices.set(name, value);
      else host.keep(value);
    },
    given(value) {
      here = value;
    },
  };
}
