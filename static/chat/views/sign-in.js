/** The door. */

import { html, useState } from '../../vendor/htm-preact.js';
import { choices } from '../preferences.js';
import { say } from '../words.js';
import { Avatar } from './parts.js';

export function SignIn({ page, onSignIn, message, busy }) {
  const [appid, setAppid] = useState(page.appid || choices.get('appid', ''));
  const [account, setAccount] = useState(choices.get('account', ''));
  const [password, setPassword] = useState('');
  const submit = (event) => {
    event.preventDefault();
    if (!busy) onSignIn({ appid: appid.trim(), account: account.trim(), password });
  };
  const field = (name, label, value, set, more) => html`<label class="field">
    <span>${label}</span>
    <input name=${name} value=${value} onInput=${(event) => set(event.target.value)} required maxlength="64" ...${more} />
  </label>`;
  return html`<main class="door">
    <form class="door-card" onSubmit=${submit}>
      <img class="door-mark" src=${page.mark} alt="" width="56" height="56" />
      <h1>${say('sign_in')}</h1>
      <p class="door-lead">${say('sign_in_lead')}</p>
      <p class="door-error" role="alert">${message}</p>
      ${!page.appid && field('appid', say('appid'), appid, setAppid, { autocapitalize: 'off', spellcheck: false })}
      ${field('account', say('account'), account, setAccount, { autocomplete: 'username', autocapitalize: 'off', spellcheck: false })}
      ${field('password', say('password'), password, setPassword, { type: 'password', autocomplete: 'current-password' })}
      <button class="primary" disabled=${busy}>${busy ? say('signing_in') : say('sign_in')}</button>
      ${page.demo &&
      html`<section class="door-demo" aria-label=${say('try_as')}>
        <p>${say('try_as')}</p>
        <div>
          ${page.demo.people.map(
            ([name, nickname, avatar]) => html`<button type="button" disabled=${busy} onClick=${() => onSignIn({ appid: page.demo.appid, account: name, password: page.demo.password })}>
              <${Avatar} account=${name} nickname=${nickname} avatar=${avatar} size=${36} />
              <span>${nickname}</span>
            </button>`,
          )}
        </div>
      </section>`}
    </form>
  </main>`;
}
