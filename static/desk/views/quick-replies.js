/** What the shop's people keep to write again: to choose, to add, to change and to remove. */

import { html, useState } from '../../vendor/htm-preact.js';
import { Icon } from '../../chat/views/parts.js';
import { say } from '../../chat/words.js';
import { filled } from '../replies.js';
import { upAndDown } from './answers.js';

export function QuickReplies({ replies, name, onChoose }) {
  const [edited, setEdited] = useState(null);
  /** Few change them, and who does needs the server anyway. */
  const edit = async (reply) => {
    const { Edit } = await import('./quick-reply-edit.js');
    setEdited({ Edit, reply });
  };
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
          <button type="button" class="quiet" aria-label=${say('quick_edit', reply)} onClick=${() => edit(reply)}><${Icon} name="pen" /></button>
        </li>`,
      )}
    </ul>
    <button type="button" class="quick-new" onClick=${() => edit({ shortcut: '', text: '' })}><${Icon} name="plus" /> ${say('quick_new')}</button>
    ${edited && html`<${edited.Edit} reply=${edited.reply} replies=${replies} onClose=${() => setEdited(null)} />`}
  </div>`;
}
