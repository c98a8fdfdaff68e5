/** A signed-in line to the server that comes back by itself, and what goes wrong on it. */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const PATIENCE = 15000; // for an answer; a line that stays silent longer is dead
const PING_EVERY = 50000; // as the protocol's document says
const RESTART_SPREAD = 5000;
const LASTING = 30000; // a line that holds so long makes up for those before it that failed
const LONGEST_FRAME = 300000; // less than the mebibyte at which servers hang up
const BEFORE_CLOSING = ['too_many_sockets', 'server_busy'];
const RENEWABLE = ['token_expired', 'token_invalid'];

const SLOW_CLIENT = 4408;
const RIGHTS_WITHDRAWN = 4403;
const RESTARTING = 1012;

/** What the server refused, or what kept a query from reaching it. */
export class ChatError extends Error {
  /** `reason` is the server's word, or `offline` when no answer came. */
  constructor(reason, message, retryAfter) {
    super(message || reason);
    this.name = 'ChatError';
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}

/** The error that a frame with code 2 stands for. */
function refusal(frame) {
  return new ChatError(frame.reason || 'refused', frame.msg, frame.retry_after);
}

export function offline() {
  return new ChatError('offline');
}

/**
 * `signIn({ renew })` gives what `login` is asked with, or null if nobody can be signed in; `on.hear(frame)` gets every frame that answers no
 * query; `on.state(state, why)` every change: connecting, online, waiting, refused, stopped.
 */
export function createLine({ url, open, source, signIn, on }) {
  let state = 'stopped';
  let socket = null;
  let timer = null; // for the next attempt
  let heartbeat = null;
  let lasting = null;
  let failures = 0;
  let rest = 0; // seconds for which the server wants to be left alone
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
    rest = 0;
    expect();
    become('connecting');
    let login;
    try {
      login = await signIn({ renew });
    } catch (error) {
      if (mine === attempt) dead();
      return;
    }
    if (mine !== attempt) return;
    if (!login) {
      hangUp();
      become('refused', null);
      return;
    }
    expect();
    try {
      const opened = open(url, {
        open: () => mine === attempt && greet(login, renew),
        text: (text) => mine === attempt && hear(text),
        close: (code) => mine === attempt && lost(code),
      });
      // A host may say at once that it can't.
      if (mine === attempt) socket = opened;
    } catch (error) {
      if (mine === attempt) dead();
    }
  }

  /** A token or an open socket may never come. */
  function expect() {
    clearTimeout(heartbeat);
    heartbeat = setTimeout(dead, PATIENCE);
  }

  function greet(login, renew) {
    const { appid, ...data } = login;
    question('login', { source, ...data }, appid ? { appid } : {}).then(
      () => {
        lasting = setTimeout(() => (failures = 0), LASTING);
        become('online');
      },
      (error) => {
        if (error.reason === 'offline') return;
        hangUp();
        if (error.retryAfter) retry(spread(error.retryAfter));
        else if (error.reason === 'internal_error') retry(backOff());
        else if (login.token && !renew && RENEWABLE.includes(error.reason)) connect(true);
        else become('refused', error);
      },
    );
  }

  function hear(text) {
    beat();
    const frame = parsed(text);
    if (answer(frame.seq, frame)) return;
    if (frame.code === 0) on.hear(frame);
    else if (frame.reason === 'frame_too_large') answer(longest(), frame);
    else if (BEFORE_CLOSING.includes(frame.reason)) rest = frame.retry_after;
  }

  /** Whether somebody had asked the question of that number. */
  function answer(number, frame) {
    const asked = questions.get(number);
    if (!asked) return false;
    questions.delete(number);
    clearTimeout(asked.timer);
    if (frame.code === 0) asked.resolve(frame);
    else asked.reject(refusal(frame));
    return true;
  }

  /** The question that a server means which could not read it. */
  function longest() {
    const [first] = [...questions].sort(([, one], [, other]) => other.length - one.length);
    return first && first[0];
  }

  /** A half-open line looks alive: ask now and then, and hang up when nothing comes back. */
  function beat() {
    clearTimeout(heartbeat);
    heartbeat = setTimeout(probe, PING_EVERY, PATIENCE);
  }

  function probe(patience) {
    clearTimeout(heartbeat);
    heartbeat = setTimeout(dead, patience);
    send('ping');
  }

  function dead() {
    hangUp();
    retry(backOff());
  }

  function lost(code) {
    hangUp();
    if (code === RIGHTS_WITHDRAWN) become('refused', null);
    else retry(pauseAfter(code));
  }

  /** A cut that follows on the heels of another takes more patience, whatever its reason. */
  function pauseAfter(code) {
    const again = failures > 0;
    const wait = backOff();
    if (rest) return Math.max(wait, spread(rest));
    if (code === RESTARTING) return Math.max(again ? wait : 0, Math.random() * RESTART_SPREAD);
    return code === SLOW_CLIENT && !again ? 0 : wait;
  }

  function hangUp() {
    attempt += 1;
    clearTimeout(heartbeat);
    clearTimeout(lasting);
    if (socket) {
      const old = socket;
      socket = null;
      try {
        old.close();
      } catch (error) {
        // A mini program complains about closing what is closed already.
      }
    }
    for (const { timer, reject } of questions.values()) {
      clearTimeout(timer);
      reject(offline());
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
  function spread(seconds) {
    return seconds * 1000 * (1 + Math.random() / 2);
  }

  function retry(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(connect, milliseconds, false);
    become('waiting');
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
      const text = JSON.stringify({ query, seq: number, data, ...beside });
      const { length } = text;
      if (length > LONGEST_FRAME) {
        reject(new ChatError('message_too_large'));
        return;
      }
      questions.set(number, { resolve, reject, length, timer: setTimeout(dead, PATIENCE) });
      send(text);
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
      if (state === 'online') probe(PATIENCE / 3);
    },
    stop() {
      clearTimeout(timer);
      hangUp();
      become('stopped');
    },
  };
}

/** What a frame says; nothing, if it is none. */
function parsed(text) {
  try {
    return JSON.parse(text) || {};
  } catch (error) {
    return {};
  }
}
