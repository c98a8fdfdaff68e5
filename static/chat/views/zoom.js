/** A picture as large as it goes; a tap shows it in its own size. */

import { html, useState } from '../../vendor/htm-preact.js';
import { say } from '../words.js';
import { Dialog, Icon } from './parts.js';

export function View({ source, label, onClose }) {
  const [full, setFull] = useState(false);
  return html`<${Dialog} label=${label} kind=${`zoom ${full ? 'is-full' : ''}`} onClose=${onClose}>
    <button class="zoom-close" type="button" aria-label=${say('close')} onClick=${onClose}><${Icon} name="close" /></button>
    <img src=${source} alt=${label} onClick=${() => setFull(!full)} />
  <//>`;
}
