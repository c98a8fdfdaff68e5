/** What stands in the place of a part of the page that may have to be fetched. */

import { html, useEffect, useState } from '../../vendor/htm-preact.js';
import { fetchAtRest } from '../later.js';
import { say } from '../words.js';
import { Dialog } from './parts.js';

export { later } from '../later.js';

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
  useEffect(() => {
    if (!part.module) fetch();
  }, [part]);
  if (part.module) return html`<${part.module.View} ...${properties} />`;
  const word = failed
    ? html`<p role="alert">${say('failed_offline')} <button type="button" onClick=${fetch}>${say('retry')}</button></p>`
    : html`<p role="status">${say('loading')}</p>`;
  if (plain) return html`<div class="later">${word}</div>`;
  return html`<${Dialog} label=${say('loading')} kind="later" onClose=${properties.onClose}>${word}<//>`;
}
