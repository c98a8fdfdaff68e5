/** What the server says of the one whom somebody talks with. */

import { useEffect, useState } from '../vendor/htm-preact.js';
import { untilAnswered } from './again.js';

/** null until it is known, and of those with whom nobody has talked yet; asked anew when they come, go, say something, or look at another page. */
export function useAbout(session, store, account) {
  const [about, setAbout] = useState(null);
  const [looks, setLooks] = useState(0);
  const online = account !== null && store.present(account);
  const stored = (store.rooms.get(account)?.messages || []).filter(({ id, passing }) => id && !passing);
  const said = stored.findLast((message) => !message.mine)?.id;
  const told = !store.talks.get(account)?.readonly && (stored.length > 0 || store.knows(account));
  const ready = told && store.state.line === 'online';
  useEffect(() => {
    if (about?.account !== account) setAbout(null);
    if (!ready) return undefined;
    return untilAnswered(() => session.api('GET', `/api/me/peers/${encodeURIComponent(account)}/`), setAbout);
  }, [session, account, online, ready, said, looks]);
  useEffect(() => store.client.on('visit', ({ peer }) => peer === account && setLooks((number) => number + 1)), [store, account]);
  return about?.account === account ? about : null;
}
