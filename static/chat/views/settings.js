/** What people can choose. */

import { html, useState } from '../../vendor/htm-preact.js';
import { page } from '../page.js';
import { choices, theme } from '../preferences.js';
import { say } from '../words.js';
import { Dialog } from './parts.js';

export function View({ onLeave, onClose }) {
  const [sound, setSound] = useState(choices.get('sound', true));
  const [desktop, setDesktop] = useState(choices.get('desktop', false));
  const [denied, setDenied] = useState(false);
  const [chosen, setChosen] = useState(theme.get());
  const notify = async (wanted) => {
    const allowed = wanted && window.Notification ? await Notification.requestPermission() : 'denied';
    const on = wanted && allowed === 'granted';
    setDenied(wanted && !on);
    choices.set('desktop', on);
    setDesktop(on);
  };
  const toggle = (label, value, change) => html`<label class="choice"><span>${label}</span>
    <input type="checkbox" role="switch" checked=${value} onChange=${(event) => change(event.target.checked)} /></label>`;
  return html`<${Dialog} label=${say('settings')} kind="settings" headed onClose=${onClose}>
    ${toggle(say('sound'), sound, (value) => (choices.set('sound', value), setSound(value)))}
    ${toggle(say('desktop'), desktop, notify)}
    ${denied && html`<p class="hint" role="alert">${say('desktop_denied')}</p>`}
    <fieldset class="choice"><legend>${say('theme')}</legend>
      <div class="segments">${['auto', 'light', 'dark'].map(
        (name) => html`<label><input type="radio" name="theme" checked=${chosen === name} onChange=${() => (theme.set(name), setChosen(name))} /><span>${say(`theme_${name}`)}</span></label>`,
      )}</div>
    </fieldset>
    <form class="choice" method="post" action=${page.setLanguage}>
      <span>${say('language')}</span>
      <input type="hidden" name="csrfmiddlewaretoken" value=${page.csrf} />
      <input type="hidden" name="next" value=${location.pathname + location.search} />
      <div class="segments">${page.languages.map(
        ([code, name]) => html`<button name="language" value=${code} lang=${code} aria-current=${code === page.language ? 'true' : undefined}><span>${name}</span></button>`,
      )}</div>
    </form>
    <button class="leave" type="button" onClick=${() => onLeave(false)}>${say('another_account')}</button>
    <button class="leave danger" type="button" onClick=${() => onLeave(true)}>${say('sign_out')}</button>
  <//>`;
}
