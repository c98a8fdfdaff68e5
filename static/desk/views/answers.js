/** The shop's questions and answers: found while one types, or for what the customer said last, and put into the box. */

import { html, useState } from '../../vendor/htm-preact.js';
import { Icon } from '../../chat/views/parts.js';
import { say } from '../../chat/words.js';

const WORDS = /[\p{L}\p{N}]+/gu;

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

/** Pairs of neighbouring letters: they find Chinese, which has no blanks, as well as the beginnings of English words. */
function pairs(text) {
  const found = new Set();
  for (const [word] of text.toLowerCase().matchAll(WORDS)) {
    const letters = [...word];
    if (letters.length === 1) found.add(word);
    for (let at = 1; at < letters.length; at += 1) found.add(letters[at - 1] + letters[at]);
  }
  return [...found];
}

/** Those of `questions` that have something in common with `text`, the most alike first. */
function search(questions, text) {
  const wanted = pairs(text);
  const rank = ({ question, answer }) => {
    const [asked, said] = [question.toLowerCase(), answer.toLowerCase()];
    return wanted.reduce((sum, pair) => sum + (asked.includes(pair) ? 2 : 0) + (said.includes(pair) ? 1 : 0), 0);
  };
  return questions
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((one) => one.rank > 0)
    .sort((one, other) => other.rank - one.rank)
    .map((one) => one.entry);
}

/** Of many, those that fit a whole sentence: more than a pair in common with the question itself. */
function fitting(questions, sentence) {
  const said = pairs(sentence);
  const common = ({ question }) => pairs(question).filter((pair) => said.includes(pair)).length;
  return search(questions, sentence)
    .filter((entry) => common(entry) > 0)
    .slice(0, 3);
}
