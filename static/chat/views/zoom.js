/** A picture as large as it goes; a tap shows it in its own size. */

import { html, useState } from '../../vendor/htm-preact.js';
import { say } from '../words.js';
import { Dialog, IconButton } from './parts.js';

export function View({ source, label, onClose }) {
  const [full, setFull] = useState(false);
  return html`<${Dialog} label=${label} kind=${`zoom ${full ? 'is-full' : ''}`} onClose=${onClose}>
    <${IconButton} icon="close" label=${say('close')} kind="zoom-close" onClick=${onClose} />
    <img src=${source} alt=${label} onClick=${() => setFull(!full)} />
  <//>`;
}
