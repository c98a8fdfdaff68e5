/** The address says which conversation is open, so that going back and loading again work. */

import { useEffect } from '../vendor/htm-preact.js';

function inAddress() {
  try {
    return decodeURIComponent(location.hash.slice(1)) || null;
  } catch {
    return null; // somebody typed it
  }
}

/** Keeps the store and the address in step; `first` is opened where the address names nobody. */
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
