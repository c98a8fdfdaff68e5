/** The way in: the door, or what lies behind it for the account that is signed in. */

import { html, useEffect, useRef, useState } from '../../vendor/htm-preact.js';
import { announce } from '../attention.js';
import { page } from '../page.js';
import { choices } from '../preferences.js';
import { explained, untilAnswered } from '../refusals.js';
import { createSendingFiles } from '../sending-files.js';
import { createSession, remembered, signIn } from '../session.js';
import { createStore } from '../store.js';
import { say } from '../words.js';
import { Avatar } from './parts.js';

/** A file that is let go beside the conversation must not take the place of the page. */
const hold = (event) => event.dataTransfer.types.includes('Files') && event.preventDefault();

/** `inside({ store, uploads, session, me, onLeave })` is drawn for who is signed in; `me` is null until it is known. */
export function Entrance({ inside }) {
  const [opened, setOpened] = useState(() => {
    const who = remembered(page);
    return who && behind(createSession(who));
  });
  const [me, setMe] = useState(null);
  const [entering, setEntering] = useState(false);
  const [message, setMessage] = useState('');
  const last = useRef(opened?.session.owner); // whose conversation the address names

  function close(why) {
    setOpened(null);
    setMe(null);
    setMessage(why);
  }
  function behind(session) {
    const refused = (error) => close(error ? explained([error.reason], error.message) : say('sign_in_again'));
    const login = async (why) => {
      const token = await session.token(why);
      return token && { token };
    };
    const store = createStore({ url: page.socket, signIn: login, owner: session.owner, tell: { arrived: announce, refused } });
    return { store, session, uploads: createSendingFiles(store, session.token) };
  }
  const enter = async (credentials) => {
    setEntering(true);
    setMessage('');
    try {
      const session = await signIn(credentials);
      if (last.current && last.current !== session.owner) history.replaceState(null, '', location.pathname + location.search);
      last.current = session.owner;
      setOpened(behind(session));
    } catch (error) {
      if (!error.code) throw error;
      setMessage(error.message);
    } finally {
      setEntering(false);
    }
  };
  /** Back to the door, in this tab alone or with the sign-in forgotten in all of them. */
  const leave = (everywhere) => {
    if (everywhere) opened.session.signOut();
    else opened.session.forget();
    close('');
    history.replaceState(null, '', location.pathname + location.search);
  };

  useEffect(() => {
    for (const kind of ['dragover', 'drop']) document.addEventListener(kind, hold);
  }, []);
  useEffect(() => {
    if (!opened) return undefined;
    const { store, session, uploads } = opened;
    let learning = () => {};
    const learn = () => {
      learning();
      learning = untilAnswered(() => session.api('GET', '/api/me/'), setMe);
    };
    const back = () => {
      store.look();
      if (!document.hidden) store.client.wake();
    };
    session.onSignedOut(() => (session.forget(), close('')));
    const online = store.client.on('state', ({ state }) => state === 'online' && learn());
    document.addEventListener('visibilitychange', back);
    window.addEventListener('online', store.client.wake);
    window.addEventListener('offline', store.client.wake); // see at once whether the line still carries
    store.start();
    return () => {
      learning();
      store.stop();
      uploads.end();
      session.end();
      online();
      document.removeEventListener('visibilitychange', back);
      window.removeEventListener('online', store.client.wake);
      window.removeEventListener('offline', store.client.wake);
    };
  }, [opened]);

  if (!opened) return html`<${SignIn} onSignIn=${enter} message=${message} busy=${entering} />`;
  return inside({ ...opened, me, onLeave: leave });
}

/** The door. */
function SignIn({ onSignIn, message, busy }) {
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
