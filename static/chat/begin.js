/** What the chat page and the desk begin with: the way in, sound once somebody touches the page, and room for a keyboard on the screen. */

import { html, render } from '../vendor/htm-preact.js';
import { warmUp } from './attention.js';
import { Entrance } from './views/entrance.js';

const seen = window.visualViewport;

/** Where the keyboard lies over the page instead of making it smaller, as on iPhones, the page fills what is left of it. */
function yieldToKeyboard() {
  const covered = Math.round(seen.scale * 100) === 100 && seen.height < window.innerHeight - 1;
  if (covered) {
    document.documentElement.style.setProperty('--seen', `${seen.height}px`);
    window.scrollTo(0, 0); // The browser has moved the page up to show the box, which is in sight now.
  } else {
    document.documentElement.style.removeProperty('--seen');
  }
}

/** `inside(session)` is drawn for who is signed in, as `Entrance` says. */
export function begin(inside) {
  for (const touch of ['pointerdown', 'keydown']) document.addEventListener(touch, warmUp, { once: true });
  seen?.addEventListener('resize', yieldToKeyboard);
  render(html`<${Entrance} inside=${inside} />`, document.getElementById('app'));
}
