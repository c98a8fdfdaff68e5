/** The keyboard shortcuts, as a list. */

import { html } from '../../vendor/htm-preact.js';
import { Dialog } from '../../chat/views/parts.js';
import { say } from '../../chat/words.js';

const KEYS = [
  ['move', 'Alt ↑', 'Alt ↓'],
  ['unread', 'Alt Shift ↓'],
  ['search', 'Alt S'],
  ['box', 'Alt W'],
  ['answers', 'Alt A'],
  ['quick', 'Alt Q'],
  ['panel', 'Alt I'],
  ['slash', '/'],
  ['send', 'Enter'],
  ['line', 'Shift Enter'],
  ['leave', 'Esc'],
  ['help', '?'],
];

export function View({ onClose }) {
  return html`<${Dialog} label=${say('shortcuts')} kind="shortcuts" headed onClose=${onClose}>
    <dl>
      ${KEYS.map(
        ([name, ...keys]) => html`<div>
          <dt>${say(`key_${name}`)}</dt>
          <dd>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dd>
        </div>`,
      )}
    </dl>
  <//>`;
}
