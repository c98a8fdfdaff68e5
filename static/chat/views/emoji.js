/** The faces and signs that people use most. */

import { html } from '../../vendor/htm-preact.js';
import { say } from '../words.js';

const EMOJI = [
  ...'😀😄😁😆😅😂🤣😊🙂😉😍🥰😘😋😜🤗🤔🤭🤫😐😏😌😔😴😎🥳😕😟🥺😢😭😤😡😱😳🤒🙏👍👎👌✌👏🙌💪👋🤝❤💔💯🔥🎉🎁🌹🌞🌙⭐☕🍉🍺🛒🛍📦🚚💰🧧✅❌❓❗',
];

export function View({ onChoose, onClose }) {
  return html`<div class="emoji" role="group" aria-label=${say('emoji')} onKeyDown=${(event) => event.key === 'Escape' && onClose()}>
    ${EMOJI.map((sign) => html`<button type="button" onClick=${() => onChoose(sign)}>${sign}</button>`)}
  </div>`;
}
