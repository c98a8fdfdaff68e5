/** Parts of the page that are fetched when somebody first needs them, or before that, while there is nothing else to do. */

import { html, useEffect, useState } from '../../vendor/htm-preact.js';
import { say } from '../words.js';
import { Dialog } from './parts.js';

const parts = [];
const QUIET = 2000;

/** `load(again)` imports a module. `again` stands behind its name after a failure: some browsers never ask twice for the same address. */
export function later(load) {
  let asking = null;
  let attempts = 0;
  const part = {
    /** null until it is there. */
    module: null,
    fetch() {
      asking ??= load(attempts ? `?${attempts}` : '').then(
        (module) => (part.module = module),
        (error) => {
          asking = null;
          attempts += 1;
          throw error;
        },
      );
      return asking;
    },
  };
  parts.push(part);
  return part;
}

/** All of them once the page rests, so that they are there when the line is gone. */
function fetchAtRest() {
  if (navigator.connection?.saveData) return;
  const rest = window.requestIdleCallback || ((act) => setTimeout(act, QUIET));
  rest(() => parts.forEach((part) => part.fetch().catch(() => {}))); // Whoever needs it asks again.
}

/** Fetches all parts once the page is `ready` and rests. */
export function useParts(ready) {
  useEffect(() => ready && fetchAtRest(), [ready]);
}

/** The `View` of the part with these properties; until it is there, word of that, in a dialog unless it is `plain`. */
export function Later({ part, plain, ...properties }) {
  const [failed, setFailed] = useState(false);
  const [, draw] = useState(0);
  const fetch = () => {
    setFailed(false);
    part.fetch().then(
      () => draw(1),
      () => setFailed(true),
    );
  };
  const there = part.module;
  useEffect(() => {
    if (!there) fetch(); // Even if it is there by now: nobody has drawn it.
  }, [part]);
  if (part.module) return html`<${part.module.View} ...${properties} />`;
  const word = failed
    ? html`<p role="alert">${say('failed_offline')} <button type="button" onClick=${fetch}>${say('retry')}</button></p>`
    : html`<p role="status">${say('loading')}</p>`;
  if (plain) return html`<div class="later">${word}</div>`;
  return html`<${Dialog} label=${say('loading')} kind="later" onClose=${properties.onClose}>${word}<//>`;
}
