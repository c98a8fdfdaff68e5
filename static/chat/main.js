/** The chat page: who is signed in, and what is shown then. */

import { html, render, useEffect, useState } from '../vendor/htm-preact.js';
import { announce, warmUp } from './attention.js';
import { offerOf } from './offer.js';
import { page } from './page.js';
import { choices } from './preferences.js';
import { createSendingFiles } from './sending-files.js';
import { createStore } from './store.js';
import { say } from './words.js';
import { App } from './views/app.js';
import { SignIn } from './views/sign-in.js';

function Page() {
  const [session, setSession] = useState(null);
  const [entering, setEntering] = useState(false);
  const [message, setMessage] = useState('');

  const enter = (credentials) => {
    setEntering(true);
    setMessage('');
    choices.set('appid', credentials.appid);
    choices.set('account', credentials.account);
    const owner = `${credentials.appid}.${credentials.account}`;
    const refused = (error) => {
      store.stop();
      setSession(null);
      setEntering(false);
      setMessage(error ? error.message : say('sign_in_again'));
    };
    const store = createStore({ url: page.socket, signIn: () => credentials, owner, tell: { arrived: announce, refused } });
    const uploads = createSendingFiles(store, () => credentials.token);
    const end = store.client.on('state', ({ state }) => {
      if (state === 'waiting') setMessage(say('failed_offline'));
      if (state !== 'online') return;
      end();
      setEntering(false);
      setMessage('');
      setSession({ store, uploads });
    });
    store.start();
  };
  const leave = () => {
    session.store.stop();
    setSession(null);
    history.replaceState(null, '', location.pathname);
  };

  useEffect(() => {
    if (!session) return undefined;
    const { store } = session;
    const back = () => {
      store.look();
      if (!document.hidden) store.client.wake();
    };
    document.addEventListener('visibilitychange', back);
    window.addEventListener('online', store.client.wake);
    return () => {
      document.removeEventListener('visibilitychange', back);
      window.removeEventListener('online', store.client.wake);
    };
  }, [session]);

  if (!session) return html`<${SignIn} page=${page} onSignIn=${enter} message=${message} busy=${entering} />`;
  return html`<${App} ...${session} page=${page} offer=${offerOf(location.search)} onSignOut=${leave} />`;
}

document.addEventListener('pointerdown', warmUp, { once: true });
render(html`<${Page} />`, document.getElementById('app'));
