/** What the server says of the one whom somebody talks with. */

import { useEffect, useState } from '../vendor/htm-preact.js';
import { untilAnswered } from './again.js';

const GUESTS_MOVE = 10000; // from page to page, without a word

/** null until it is known, and of those with whom nobody has talked yet; asked anew when they come, go or say something, and of guests now and then. */
export function useAbout(session, store, account) {
  const [about, setAbout] = useState(null);
  const online = account !== null && store.present(account);
  const said = account === null ? null : store.rooms.get(account)?.messages.findLast((message) => !message.mine)?.id;
  const [looks, setLooks] = useState(0);
  const guest = Boolean(about?.guest) && about.account === account;
  const ready = store.state.line === 'online';
  useEffect(() => {
    if (about?.account !== account) setAbout(null);
    if (account === null || !ready) return undefined;
    return untilAnswered(() => session.api('GET', `/api/me/peers/${encodeURIComponent(account)}/`), setAbout);
  }, [session, account, online, ready, said, looks]);
  useEffect(() => {
    if (!guest || !online) return undefined;
    const timer = setInterval(() => document.hidden || setLooks((number) => number + 1), GUESTS_MOVE);
    return () => clearInterval(timer);
  }, [guest, online]);
  return about?.account === account ? about : null;
}
