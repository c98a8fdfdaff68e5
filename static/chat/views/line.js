/** What one should know of the line, when it is not simply there, and of a browser that keeps nothing. */

import { html, useEffect, useState } from '../../vendor/htm-preact.js';
import { say } from '../words.js';

export function Line({ store, children }) {
  const { line } = store.state;
  const [late, setLate] = useState(false);
  useEffect(() => {
    // A line that comes back at once is not worth a word.
    if (line === 'online') return setLate(false);
    const timer = setTimeout(() => setLate(true), 1200);
    return () => clearTimeout(timer);
  }, [line === 'online']);
  return html`<div class="line-state" role="status">
    ${late &&
    line !== 'online' &&
    html`<p><strong>${say(line === 'connecting' && !store.state.everListed ? 'connecting' : 'waiting')}</strong> <span>${say('offline_hint')}</span>
      <button type="button" onClick=${store.client.wake}>${say('retry_now')}</button></p>`}
    ${children}
  </div>`;
}

/** Told once: what is not sent yet lasts as long as the page. */
export function Unkept({ store }) {
  const [told, setTold] = useState(false);
  if (!store.state.unkept || told) return null;
  return html`<p class="unkept"><span>${say('unkept')}</span> <button type="button" onClick=${() => setTold(true)}>${say('understood')}</button></p>`;
}
