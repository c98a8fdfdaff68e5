/** Quick replies above the box, while what stands in it begins with `/`. */

import { html, useState } from '../../vendor/htm-preact.js';
import { say } from '../../chat/words.js';
import { filled } from '../replies.js';

const LIST = 'quick-replies';

/** What the composer shows and does with them; `name` is the customer's. */
export function useSuggestions(replies, name, box) {
  const [at, setAt] = useState(0);
  const [dismissed, setDismissed] = useState(null);
  const meant = (text) => (text === dismissed ? [] : replies.meant(text));
  const chosen = (found) => Math.min(at, found.length - 1);
  const choose = (reply) => {
    setAt(0);
    box.put(filled(reply.text, name));
  };

  return {
    /** True if the key was meant for the list. */
    keys(event, text) {
      const found = meant(text);
      if (!found.length || event.isComposing || event.keyCode === 229) return false;
      const act = {
        ArrowDown: () => setAt((chosen(found) + 1) % found.length),
        ArrowUp: () => setAt((chosen(found) + found.length - 1) % found.length),
        Enter: () => choose(found[chosen(found)]),
        Tab: () => choose(found[chosen(found)]),
        Escape: () => setDismissed(text),
      }[event.key];
      if (!act || event.altKey || event.shiftKey) return false;
      event.preventDefault();
      event.stopPropagation();
      act();
      return true;
    },
    /** What the box says of the list to those who do not see it. */
    attributes(text) {
      const found = meant(text);
      if (!found.length) return {};
      return { 'aria-autocomplete': 'list', 'aria-controls': LIST, 'aria-activedescendant': `${LIST}-${chosen(found)}` };
    },
    view(text) {
      const found = meant(text);
      return html`<span class="unseen" role="status">${found.length ? say('quick_found', { n: found.length }) : ''}</span>
        ${found.length > 0 &&
        html`<ul class="suggestions" id=${LIST} role="listbox" aria-label=${say('quick')}>
          ${found.map(
            (reply, number) => html`<li key=${reply.id} id=${`${LIST}-${number}`} role="option" aria-selected=${String(number === chosen(found))}
              onPointerDown=${(event) => (event.preventDefault(), choose(reply))}>
              <kbd>/${reply.shortcut}</kbd> <span>${filled(reply.text, name)}</span>
            </li>`,
          )}
        </ul>`}`;
    },
  };
}
