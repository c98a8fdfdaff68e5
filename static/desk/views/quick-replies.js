/** What the shop's people keep to write again: to choose, to add, to change and to remove. */

import { html, useState } from '../../vendor/htm-preact.js';
import { Dialog, Icon, IconButton } from '../../chat/views/parts.js';
import { say } from '../../chat/words.js';
import { filled } from '../replies.js';
import { upAndDown } from './answers.js';

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
          <${IconButton} icon="pen" label=${say('quick_edit', reply)} onClick=${() => setEdited(reply)} />
        </li>`,
      )}
    </ul>
    <button type="button" class="quick-new" onClick=${() => setEdited({ shortcut: '', text: '' })}><${Icon} name="plus" /> ${say('quick_new')}</button>
    ${edited && html`<${Edit} reply=${edited} replies=${replies} onClose=${() => setEdited(null)} />`}
  </div>`;
}

/** Adding, changing and removing one. */
function Edit({ reply, replies, onClose }) {
  const [shortcut, setShortcut] = useState(reply.shortcut);
  const [text, setText] = useState(reply.text);
  const [failure, setFailure] = useState('');
  const label = reply.id ? say('quick_edit', reply) : say('quick_new');
  const attempt = async (act) => {
    try {
      await act();
      onClose();
    } catch (error) {
      if (!error.code) throw error;
      setFailure(error.message);
    }
  };
  const save = (event) => {
    event.preventDefault();
    attempt(() => replies.save({ id: reply.id, shortcut: shortcut.trim().replace(/^\//, ''), text: text.trim() }));
  };
  return html`<${Dialog} label=${label} kind="edit" headed onClose=${onClose}>
    <form onSubmit=${save}>
      <label class="field"><span>${say('quick_shortcut')}</span>
        <input value=${shortcut} onInput=${(event) => setShortcut(event.target.value)} required maxlength="33" pattern="/?[^\\s\\/]+" autocapitalize="off" spellcheck=${false} autofocus /></label>
      <label class="field"><span>${say('quick_text')}</span>
        <textarea value=${text} onInput=${(event) => setText(event.target.value)} required maxlength="2000" rows="5"></textarea></label>
      <p class="door-error" role="alert">${failure}</p>
      <div class="dialog-actions">
        ${reply.id && html`<button type="button" class="danger" onClick=${() => attempt(() => replies.remove(reply))}>${say('remove')}</button>`}
        <button type="button" onClick=${onClose}>${say('cancel')}</button>
        <button class="primary">${say('save')}</button>
      </div>
    </form>
  <//>`;
}
