/** The desk of a shop's people. */

import { html } from '../vendor/htm-preact.js';
import { begin } from '../chat/begin.js';
import { page } from '../chat/page.js';
import { say } from '../chat/words.js';
import { Desk } from './views/desk.js';

begin((session) => {
  if (!session.me || session.me.shop) return html`<${Desk} ...${session} />`;
  return html`<main class="door"><div class="door-card">
    <img class="door-mark" src=${page.mark} alt="" width="56" height="56" />
    <h1>${say('no_desk')}</h1>
    <p class="door-lead">${say('no_desk_hint')}</p>
    <a class="primary" href=${page.chat + location.search}>${say('to_chat')}</a>
    <button class="leave" type="button" onClick=${() => session.onLeave(false)}>${say('another_account')}</button>
  </div></main>`;
});
