/** Who is signed in. The token lives in the memory of this page alone; a cookie that no script can read renews it. */

import { choices, tab, tabsOf } from './preferences.js';
import { explained } from './refusals.js';
import { present, setClock } from './times.js';

const EARLY = 60000; // renew a token this long before it ends
const PATIENCE = 20000; // for an answer
const FINAL = ['key_invalid', 'key_missing', 'account_disabled']; // asking again changes nothing

/** What the server says no with; `code` is its stable word, or `offline`, `why` what is wrong in a field; it may help to ask again after `retryAfter` seconds. The message is for people. */
export class Refused extends Error {
  constructor(code, message, why = '', retryAfter = 0) {
    super(explained([why, code], message));
    this.code = code;
    this.why = why;
    this.retryAfter = retryAfter;
  }
}

/** Ask the server over HTTP. Rejects with `Refused`. */
export async function ask(method, path, data, token) {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
  let response;
  let answer;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    response = await fetch(path, { method, headers, body: data && JSON.stringify(data), signal });
    setClock(response.headers.get('Date'));
    answer = response.status === 204 ? null : await response.json();
  } catch {
    throw new Refused('offline');
  }
  if (response.ok) return answer;
  const [first] = answer.errors || [];
  throw new Refused(answer.code, first?.message || answer.detail, first?.code, Number(response.headers.get('Retry-After')));
}

/** The account that was signed in last in this tab, or else in this browser, if the page is for its app; null if nobody was. */
export function remembered({ appid, demo }) {
  // Where demo accounts are offered, another window is there to be somebody else.
  const who = tab.get('who', demo ? null : choices.get('who', null));
  return who && (!appid || who.appid === appid) ? who : null;
}

/** A session of that account, with the password at hand or with what this browser keeps. */
export async function signIn({ appid, account, password }) {
  const given = await ask('POST', '/api/tokens/', { appid, account, password, keep: true });
  choices.set('appid', appid);
  choices.set('account', account);
  choices.set('who', { appid, account });
  return createSession({ appid, account }, given);
}

/** What this browser keeps for an account stands under this name: no other account has it, whatever signs are in theirs. */
const ownerOf = ({ appid, account }) => `${encodeURIComponent(appid)}/${encodeURIComponent(account)}`;

export function createSession(who, given = null) {
  const owner = ownerOf(who);
  const tabs = tabsOf(`chat.${owner}`);
  let token = null;
  let until = 0;
  let asking = null;
  tab.set('who', who);
  take(given);

  function take(answer) {
    if (!answer) return;
    token = answer.token;
    until = Date.parse(answer.expires_at) - EARLY;
  }

  function forget() {
    tab.set('who', false);
    const last = choices.get('who', null);
    if (last && ownerOf(last) === owner) choices.set('who', null);
  }

  async function renewed() {
    try {
      take(await ask('POST', '/api/tokens/kept/', who));
      return token;
    } catch (error) {
      if (!FINAL.includes(error.code)) throw error;
      token = null;
      return null;
    }
  }

  /** A token that is good now; null if one must sign in again. Rejects while the server can't be asked. */
  async function current({ renew = false } = {}) {
    if (token && !renew && present() < until) return token;
    asking ??= renewed().finally(() => (asking = null));
    return asking;
  }

  return {
    who,
    owner,
    token: current,
    /** Whatever is under `/api/`, as this account. Rejects with `Refused`. */
    async api(method, path, data) {
      try {
        return await ask(method, path, data, await current());
      } catch (error) {
        if (error.code !== 'key_invalid') throw error;
        return ask(method, path, data, await current({ renew: true }));
      }
    },
    forget,
    /** Here, and in all tabs in which the account is signed in. */
    signOut() {
      forget();
      tabs.postMessage('signed out');
      ask('DELETE', `/api/tokens/kept/?${new URLSearchParams(who)}`).catch(() => {}); // The cookie ends by itself.
    },
    /** `act` is called when another tab signs the account out. */
    onSignedOut(act) {
      tabs.onmessage = act;
    },
    end: () => tabs.close(),
  };
}
