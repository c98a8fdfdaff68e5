/** A signed-in line to the server that comes back by itself. */

import { offline, refusal } from './errors.js';

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const PATIENCE = 15000; // for an answer; a line that stays silent longer is dead
const PING_EVERY = 50000; // as the protocol's document says
const RESTART_SPREAD = 5000;
const RENEWABLE = ['token_expired', 'token_invalid'];

const SLOW_CLIENT = 4408;
const RIGHTS_WITHDRAWN = 4403;
const RESTARTING = 1012;

/**
 * `signIn({ renew })` gives what `login` is asked with, or null if nobody can be signed in; `on.hear(frame)` gets every frame that answers no
 * query; `on.state(state, why)` every change: connecting, online, waiting, refused, stopped.
 */
export function createLine({ url, open, source, signIn, on }) {
  let state = 'stopped';
  let socket = null;
  let timer = null; // for the next attempt
  let heartbeat = null;
  let failures = 0;
  let seq = 0;
  let attempt = 0; // what belongs to an earlier one is ignored
  const questions = new Map();

  function become(next, why) {
    if (state !== next) {
      state = next;
      on.state(state, why);
    }
  }

  async function connect(renew) {
    clearTimeout(timer);
    const mine = ++attempt;
    become('connecting');
    let login;
    try {
      login = await signIn({ renew });
    } catch (error) {
      if (mine === attempt) retry(backOff());
      return;
    }
    if (mine !== attempt) return;
    if (!login) {
      become('refused', null);
      return;
    }
    socket = open(url, {
      open: () => mine === attempt && greet(login, renew),
      text: (text) => mine === attempt && hear(text),
      close: (code) => mine === attempt && lost(code),
    });
    // Opening may take for ever, too.
    heartbeat = setTimeout(dead, PATIENCE);
  }

  function greet(login, renew) {
    const { appid, ...data } = login;
    question('login', { source, ...data }, appid ? { appid } : {}).then(
      () => {
        failures = 0;
        become('online');
      },
      (error) => {
        if (error.reason === 'offline') return;
        hangUp();
        if (error.retryAfter) retry(spread(error.retryAfter * 1000));
        else if (login.token && !renew && RENEWABLE.includes(error.reason)) connect(true);
        else become('refused', error);
      },
    );
  }

  function hear(text) {
    beat();
    const frame = JSON.parse(text);
    const asked = questions.get(frame.seq);
    if (asked) {
      questions.delete(frame.seq);
      clearTimeout(asked.timer);
      if (frame.code === 0) asked.resolve(frame);
      else asked.reject(refusal(frame));
    } else if (frame.code === 0) {
      on.hear(frame);
    }
  }

  /** A half-open line looks alive: ask now and then, and hang up when nothing comes back. */
  function beat() {
    clearTimeout(heartbeat);
    heartbeat = setTimeout(() => {
      send('ping');
      heartbeat = setTimeout(dead, PATIENCE);
    }, PING_EVERY);
  }

  function dead() {
    hangUp();
    retry(backOff());
  }

  function lost(code) {
    hangUp();
    if (code === RIGHTS_WITHDRAWN) become('refused', null);
    else if (code === SLOW_CLIENT) retry(0);
    else if (code === RESTARTING) retry(Math.random() * RESTART_SPREAD);
    else retry(backOff());
  }

  function hangUp() {
    attempt += 1;
    clearTimeout(heartbeat);
    if (socket) {
      const old = socket;
      socket = null;
      try {
        old.close();
      } catch (error) {
        // A mini program complains about closing what is closed already.
      }
    }
    for (const asked of questions.values()) {
      clearTimeout(asked.timer);
      asked.reject(offline());
    }
    questions.clear();
  }

  /** Half of it fixed and half random, so that clients which were cut off together do not come back together. */
  function backOff() {
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures);
    failures += 1;
    return longest / 2 + (Math.random() * longest) / 2;
  }

  /** Not before that time, and up to half as long after it: everybody else was told the same. */
  function spread(milliseconds) {
    return milliseconds * (1 + Math.random() / 2);
  }

  function retry(milliseconds) {
    clearTimeout(timer);
    become('waiting');
    timer = setTimeout(connect, milliseconds, false);
  }

  function send(text) {
    try {
      socket.send(text);
    } catch (error) {
      dead();
    }
  }

  function question(query, data, beside) {
    return new Promise((resolve, reject) => {
      const number = ++seq;
      questions.set(number, { resolve, reject, timer: setTimeout(dead, PATIENCE) });
      send(JSON.stringify({ query, seq: number, data, ...beside }));
    });
  }

  return {
    state: () => state,
    /** Ask, and get the frame that answers. Rejects with a ChatError: what the server refused, or `offline`. */
    ask: (query, data) => (state === 'online' ? question(query, data) : Promise.reject(offline())),
    start() {
      if (state === 'stopped' || state === 'refused') connect(false);
    },
    /** Come back at once instead of waiting: the page is in front again, or the network is back. */
    wake() {
      if (state === 'waiting') connect(false);
    },
    /** See whether the line still carries, without waiting for the next heartbeat. */
    probe() {
      if (state !== 'online') return;
      clearTimeout(heartbeat);
      heartbeat = setTimeout(dead, PATIENCE / 3);
      send('ping');
    },
    stop() {
      clearTimeout(timer);
      hangUp();
      become('stopped');
    },
  };
}
