/** A guest of the shop: made when there is something to say, and known again by what this browser keeps. */

import { ask } from '../chat/session.js';
import { present } from '../chat/times.js';
import { alone } from './alone.js';

const EARLY = 60000; // renew a token this long before it ends
const FINAL = ['unknown_shop', 'account_disabled']; // asking again changes nothing

/** `wants()` is whether anything waits to be said; `ended()` is called when the guest of before is no more; `changed()` with any news. */
export function createGuest({ page, host, kept, wants, ended, changed }) {
  let token = null;
  let until = 0;
  let asking = null;
  let notBefore = 0;
  let told = '';
  const guest = { trouble: null, known: () => kept.get() !== null, lost: () => kept.lost };

  function take(answer) {
    token = answer.token;
    until = Date.parse(answer.expires_at) - EARLY;
    kept.set(answer.kept);
    guest.trouble = null;
    changed();
    return token;
  }

  async function back() {
    try {
      return take(await ask('POST', '/api/guests/kept/', { kept: kept.get() }));
    } catch (error) {
      if (error.code !== 'key_invalid') throw error;
      token = null;
      kept.set(null);
      guest.trouble = { code: 'ended' };
      ended();
      return null;
    }
  }

  async function made() {
    const { visit } = host;
    const answer = await ask('POST', '/api/guests/', { appid: page.appid, shop: page.shop.number, visit });
    told = JSON.stringify(visit);
    return take(answer);
  }

  async function obtained(begins) {
    const again = async () => guest.known() && back();
    try {
      if (Date.now() < notBefore) throw guest.trouble;
      const found = await again();
      if (found) return found;
      if (!begins && !wants()) return null;
      return await alone(host, kept, async () => (await again()) || made());
    } catch (error) {
      guest.trouble = error;
      notBefore = Date.now() + (error.retryAfter || 0) * 1000;
      changed();
      if (FINAL.includes(error.code)) return null;
      throw error;
    }
  }

  /** A token that is good now; a guest is made if there is none and something is to be said. null if there is nobody. */
  guest.token = async ({ renew = false, begins = false } = {}) => {
    if (token && !renew && present() < until) return token;
    asking ??= obtained(begins).finally(() => (asking = null));
    return asking;
  };

  /** Tell the shop what page this is, if it has not heard. */
  guest.shows = async (visit) => {
    const text = JSON.stringify(visit);
    if (text === told || !guest.known()) return;
    told = text;
    try {
      const shown = await guest.token();
      if (shown) await ask('PUT', '/api/me/visit/', visit, shown);
    } catch (error) {
      if (!error.code) throw error;
      told = '';
    }
  };
  return guest;
}
