/** Adding, changing and removing a quick reply. */

import { html, useState } from '../../vendor/htm-preact.js';
import { Dialog, Icon } from '../../chat/views/parts.js';
import { say } from '../../chat/words.js';

export function View({ reply, replies, onClose }) {
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
  return html`<${Dialog} label=${label} kind="edit" onClose=${onClose}>
    <form onSubmit=${save}>
      <header><h2>${label}</h2><button class="quiet" type="button" aria-label=${say('close')} onClick=${onClose}><${Icon} name="close" /></button></header>
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
