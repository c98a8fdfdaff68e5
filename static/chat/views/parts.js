/** Small parts that every view uses. */

import { html, useEffect, useLayoutEffect, useRef, useState } from '../../vendor/htm-preact.js';
import { address } from '../bodies.js';
import { say } from '../words.js';

const PATHS = {
  back: 'M15 5l-7 7 7 7',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  search: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14Zm5 12 4 4',
  gear: 'M4 7h10m4 0h2M4 17h2m4 0h10M14 7a2 2 0 1 0 4 0 2 2 0 0 0-4 0ZM6 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0Z',
  smile: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5h.01M15 9.5h.01',
  clip: 'M20 11.5 12 19.4a5 5 0 0 1-7-7l8.3-8.2a3.3 3.3 0 0 1 4.7 4.7l-8.2 8.1a1.7 1.7 0 0 1-2.4-2.4l7.6-7.5',
  mic: 'M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3ZM5 11.5a7 7 0 0 0 14 0M12 18.5V22',
  send: 'M4 12 20 4l-5 16-3.5-6.5L4 12Z',
  pin: 'M9 4h6l-1 6 3 3v2H7v-2l3-3-1-6Zm3 11v6',
  down: 'M6 10l6 6 6-6',
  close: 'M6 6l12 12M18 6 6 18',
  play: 'M8 5l11 7-11 7V5Z',
  pause: 'M8 5v14M16 5v14',
  file: 'M7 3h7l5 5v13H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Zm7 0v5h5',
  trash: 'M5 7h14M10 7V4h4v3m-7 0 1 13h8l1-13',
  clock: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm0 4v4l3 2',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  checks: 'M2 12.5 6.5 17 15 7.5M11 16l1 1L21.5 7.5',
  alert: 'M12 8v5m0 3h.01M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z',
  robot: 'M12 4v3M6 7h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2Zm3 5v2m6-2v2',
  pen: 'M4 20l1-4L16 5l3 3L8 19l-4 1Z',
  plus: 'M12 5v14M5 12h14',
  keys: 'M4 7h16v10H4V7Zm3 3h.01M11 10h.01M15 10h.01M8 14h8',
  panel: 'M4 5h16v14H4V5Zm11 0v14',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.5 20a7.5 7.5 0 0 1 15 0',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15L6 16Zm4 4.5h4',
};

/** A drawing beside words, or in a button that has a name of its own. */
export function Icon({ name, filled }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill=${filled ? 'currentColor' : 'none'}>
    <path d=${PATHS[name]} stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" />
  </svg>`;
}

/** A button that is a drawing; `label` says what it does. */
export function IconButton({ icon, label, filled, kind = 'quiet', ...more }) {
  return html`<button class=${kind} type="button" aria-label=${label} title=${label} ...${more}><${Icon} name=${icon} filled=${filled} /></button>`;
}

/** A number from a name, always the same. */
function hueOf(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  // Names that differ in the last letter alone should not look alike.
  return (sum * 137) % 360;
}

/** The picture, or the first letter of the name where there is none. */
export function Avatar({ account, nickname, avatar, size = 44, online, bell }) {
  const [broken, setBroken] = useState(false);
  const source = broken ? null : address(avatar);
  useEffect(() => setBroken(false), [avatar]);
  const style = { width: `${size}px`, height: `${size}px`, fontSize: `${size * 0.42}px`, '--hue': hueOf(account || '') };
  return html`<span class="avatar" style=${style} aria-hidden="true">
    ${source
      ? html`<img src=${source} alt="" loading="lazy" onError=${() => setBroken(true)} />`
      : bell
        ? html`<${Icon} name="bell" />`
        : [...(nickname || account || '?')][0].toUpperCase()}
    ${online && html`<i class="presence"></i>`}
  </span>`;
}

/** A dialog that keeps the focus; Escape and a click beside it close it, and a button where it is `headed`. */
export function Dialog({ label, kind = '', headed, onClose, children }) {
  const ref = useRef();
  const pressed = useRef(false);
  /** Beside it, or beside what it shows where it fills the screen. Who marks text in it may end up there without meaning to close it. */
  const beside = ({ target, clientX: x, clientY: y }) => {
    if (target !== ref.current) return false;
    const { left, right, top, bottom, width } = target.getBoundingClientRect();
    return width === innerWidth || x < left || x > right || y < top || y > bottom;
  };
  useEffect(() => {
    const before = document.activeElement;
    ref.current.showModal();
    return () => before?.focus?.();
  }, []);
  return html`<dialog
    ref=${ref}
    class=${`dialog ${kind}`}
    aria-label=${label}
    onClose=${onClose}
    onPointerDown=${(event) => (pressed.current = beside(event))}
    onClick=${(event) => pressed.current && beside(event) && onClose()}
  >
    ${headed && html`<header><h2>${label}</h2><${IconButton} icon="close" label=${say('close')} onClick=${onClose} /></header>`}
    ${children}
  </dialog>`;
}

/** A button with a list of actions under it: `items()` gives `[{ label, icon, danger, act }]`. */
export function Menu({ label, icon = 'more', items, className = '' }) {
  const [open, setOpen] = useState(false);
  const ref = useRef();
  useEffect(() => {
    if (!open) return undefined;
    ref.current.querySelector('[role=menuitem]')?.focus();
    const away = (event) => ref.current.contains(event.target) || setOpen(false);
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open]);
  useLayoutEffect(() => open && keepInSight(ref.current.querySelector('[role=menu]')), [open]);
  const keys = (event) => {
    const all = [...ref.current.querySelectorAll('[role=menuitem]')];
    const at = all.indexOf(document.activeElement);
    if (event.key === 'Escape') {
      setOpen(false);
      ref.current.querySelector('button').focus();
    } else if (event.key === 'Tab') return setOpen(false);
    else if (event.key === 'ArrowDown') all[(at + 1) % all.length]?.focus();
    else if (event.key === 'ArrowUp') all.at(at - 1)?.focus();
    else return undefined;
    event.preventDefault();
    return event.stopPropagation();
  };
  const choose = (item) => {
    setOpen(false);
    ref.current.querySelector('button').focus(); // before what is chosen takes it
    item.act();
  };
  return html`<span class=${`menu ${className} ${open ? 'is-open' : ''}`} ref=${ref} onKeyDown=${open ? keys : undefined}>
    <button class="quiet" type="button" aria-label=${label} aria-haspopup="menu" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>
      <${Icon} name=${icon} />
    </button>
    ${open &&
    html`<span class="menu-list" role="menu" aria-label=${label}>
      ${items().map(
        (item) => html`<button type="button" role="menuitem" class=${item.danger ? 'danger' : ''} onClick=${() => choose(item)}>
          ${item.icon && html`<${Icon} name=${item.icon} />`} ${item.label}
        </button>`,
      )}
    </span>`}
  </span>`;
}

const EDGE = 8; // pixels that stay free around a menu

/** Moves a menu to where all of it can be seen. */
function keepInSight(menu) {
  const frame = (menu.closest('.timeline, .rows') || document.documentElement).getBoundingClientRect();
  const at = menu.getBoundingClientRect();
  const x = within(at.left, at.right, frame.left, frame.right);
  const y = within(at.top, at.bottom, frame.top, frame.bottom);
  menu.style.translate = `${x}px ${y}px`;
}

/** How far something has to go so that it lies within a frame. */
function within(start, end, first, last) {
  if (start < first + EDGE) return first + EDGE - start;
  return Math.min(0, last - EDGE - end);
}
