/** Which conversation is open, and whom it is with. */

import { useEffect, useState } from '../vendor/htm-preact.js';
import { untilAnswered } from './refusals.js';

function inAddress() {
  try {
    return decodeURIComponent(location.hash.slice(1)) || null;
  } catch {
    return null; // somebody typed it
  }
}

/** Keeps the store and the address in step, so that going back and loading again work; `first` is opened where the address names nobody. */
export function useAddress(store, first = null) {
  const { state } = store;
  useEffect(() => {
    const follow = () => (inAddress() ? store.open(inAddress()) : state.open && store.close());
    if (first && !inAddress()) history.replaceState(null, '', `#${encodeURIComponent(first)}`);
    follow();
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [store]);
  useEffect(() => {
    // Closed from elsewhere: by deleting it, here or on another device.
    if (state.open === null && inAddress()) history.replaceState(null, '', location.pathname + location.search);
  }, [state.open]);
  return {
    open(account) {
      if (account !== state.open) location.hash = encodeURIComponent(account);
    },
    back: () => (location.hash = ''),
  };
}

/** What the server says of them: null until it is known, and of those with whom nobody has talked yet; asked anew when they come, go, say something, or look at another page. */
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
