/** What the shop's people keep to write again: to choose, to add, to change and to remove. */

import { html, useState } from '../../vendor/htm-preact.js';
import { Later, later } from '../../chat/views/later.js';
import { Icon } from '../../chat/views/parts.js';
import { say } from '../../chat/words.js';
import { filled } from '../replies.js';
import { upAndDown } from './answers.js';

const EDIT = later((again) => import(`./quick-reply-edit.js${again}`));

export function QuickReplies({ replies, name, onChoose }) {
  const [edited, setEdited] = useState(null);
  const all = replies.all();
  if (all === null) return html`<div class="answers-skeleton" aria-hidden="true"><i></i><i></i><i></i></div>`;
  return html`<div class="answers" onKeyDown=${upAndDown}>
    <p class="hint">${say(all.length ? 'quick_hint' : 'quick_empty')}</p>
    <ul>
      ${all.map(
        (reply) => html`<li key=${reply.id} class="quick-reply">
          <button type="button" class="answer" title=${say('put_in_box')} onClick=${() => onChoose(filled(reply.text, name))}>
            <kbd>/${reply.shortcut}</kbd> <span>${filled(reply.text, name)}</span>
          </button>
          <button type="button" class="quiet" aria-label=${say('quick_edit', reply)} onClick=${() => setEdited(reply)}><${Icon} name="pen" /></button>
        </li>`,
      )}
    </ul>
    <button type="button" class="quick-new" onClick=${() => setEdited({ shortcut: '', text: '' })}><${Icon} name="plus" /> ${say('quick_new')}</button>
    ${edited && html`<${Later} part=${EDIT} reply=${edited} replies=${replies} onClose=${() => setEdited(null)} />`}
  </div>`;
}
