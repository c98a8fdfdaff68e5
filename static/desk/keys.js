/** The desk with the keyboard alone. Letters go by their place, since Alt makes other signs of them on some keyboards. */

import { useEffect } from '../vendor/htm-preact.js';

const writes = (element) => element?.matches?.('input, textarea, select');

/** `acts` by name: move(step), unread, search, box, answers, quick, panel, leave, help. */
export function useKeys(acts) {
  useEffect(() => {
    const press = (event) => {
      if (event.isComposing || event.defaultPrevented || document.querySelector('dialog[open]:not(.sheet)')) return;
      const act = meant(event, acts);
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
}

function meant(event, acts) {
  if (event.ctrlKey || event.metaKey) return null;
  if (event.altKey) {
    if (event.key === 'ArrowDown') return event.shiftKey ? acts.unread : () => acts.move(1);
    if (event.key === 'ArrowUp') return () => acts.move(-1);
    return { KeyS: acts.search, KeyW: acts.box, KeyA: acts.answers, KeyQ: acts.quick, KeyI: acts.panel }[event.code] || null;
  }
  if (event.key === 'Escape' && event.target.matches?.('.composer textarea')) return acts.leave;
  if ((event.key === '?' || event.key === '？') && !writes(event.target)) return acts.help;
  return null;
}
