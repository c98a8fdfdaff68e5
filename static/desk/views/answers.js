/** The shop's questions and answers, to search and to put into the box. */

import { html, useState } from '../../vendor/htm-preact.js';
import { Icon } from '../../chat/views/parts.js';
import { say } from '../../chat/words.js';
import { fitting, search } from '../search.js';

/** `said` is what the customer wrote last; `input` a ref to the field, for those who jump to it. */
export function Answers({ questions, said, input, onChoose }) {
  const [wanted, setWanted] = useState('');
  if (questions === null) return html`<div class="answers-skeleton" aria-hidden="true"><i></i><i></i><i></i></div>`;
  if (!questions.length) return html`<p class="panel-empty">${say('answers_empty')}</p>`;
  const fit = wanted.trim() ? [] : fitting(questions, said);
  const shown = wanted.trim() ? search(questions, wanted) : questions.filter((entry) => !fit.includes(entry));
  return html`<div class="answers" onKeyDown=${upAndDown}>
    <label class="search">
      <${Icon} name="search" />
      <input ref=${input} type="search" value=${wanted} placeholder=${say('answers_search')} aria-label=${say('answers_search')} onInput=${(event) => setWanted(event.target.value)} />
    </label>
    ${fit.length > 0 &&
    html`<h4>${say('answers_fit')}</h4>
      <ul class="is-fitting">${fit.map((entry) => html`<${Answer} key=${entry.number} ...${entry} onChoose=${onChoose} />`)}</ul>
      <h4>${say('all')}</h4>`}
    ${shown.length || fit.length
      ? html`<ul>${shown.map((entry) => html`<${Answer} key=${entry.number} ...${entry} onChoose=${onChoose} />`)}</ul>`
      : html`<p class="panel-empty" role="status">${say('answers_none')}</p>`}
  </div>`;
}

function Answer({ question, answer, onChoose }) {
  return html`<li>
    <button type="button" class="answer" title=${say('put_in_box')} onClick=${() => onChoose(answer)}>
      <strong>${question}</strong> <span>${answer}</span>
    </button>
  </li>`;
}

/** From the field to the first, and from one to the next. */
export function upAndDown(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.altKey) return;
  const all = [...event.currentTarget.querySelectorAll('input[type=search], .answer')];
  const next = all[all.indexOf(document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
