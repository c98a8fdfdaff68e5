/** How the line waits: with a clock of the test's own, and no server. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createLine } from '../../static/chat-client/line.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/**
 * A line to a server that does with every frame what `answers(frame, on, number)` says: the object that it returns is its answer, on the
 * connection of that number. It lets in whoever asks.
 */
function scripted(t, { answers = () => null, opens = () => {}, ...options } = {}) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(Math, 'random', () => 0.5);
  const heard = [];
  const states = [];
  let connections = 0;
  let current = null;
  const open = (_, on) => {
    const number = ++connections;
    current = on;
    const failed = opens(on, number);
    if (!failed) queueMicrotask(() => on.open());
    return {
      close() {},
      send(text) {
        const frame = text === 'ping' ? { query: 'ping' } : JSON.parse(text);
        const answer = answers(frame, on, number) || (frame.query === 'login' && { code: 0 });
        if (answer) queueMicrotask(() => on.text(JSON.stringify({ query: frame.query, seq: frame.seq, ...answer })));
      },
    };
  };
  const on = { hear: (frame) => heard.push(frame), state: (state) => states.push(state) && options.told?.(state, line) };
  const line = createLine({ url: '', open, source: 4, signIn: () => ({ token: '' }), ...options, on });
  line.start();
  return {
    line,
    heard,
    states,
    connections: () => connections,
    server: () => current,
    async pass(milliseconds) {
      t.mock.timers.tick(milliseconds);
      await turn();
    },
  };
}

/** A line whose every connection ends with `code`. */
function hopeless(t, code) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let attempts = 0;
  const open = (_, on) => {
    attempts += 1;
    queueMicrotask(() => on.close(code));
    return { send() {}, close() {} };
  };
  const line = createLine({ url: '', open, source: 4, signIn: () => ({ token: '' }), on: { hear() {}, state() {} } });
  line.start();
  return {
    line,
    attempts: () => attempts,
    async pass(milliseconds) {
      t.mock.timers.tick(milliseconds);
      await turn();
    },
  };
}

describe('A line that is cut again and again', () => {
  it('waits twice as long each time, up to half a minute, and never less than half of that', async (t) => {
    const { attempts, pass } = hopeless(t, 1006);
    await turn();
    for (const longest of [1000, 2000, 4000, 8000, 16000, 30000, 30000]) {
      const before = attempts();
      await pass(longest / 2 - 1);
      assert.equal(attempts(), before, `tried again before ${longest / 2} ms`);
      await pass(longest / 2 + 1);
      assert.equal(attempts(), before + 1, `did not try again within ${longest} ms`);
    }
  });

  it('tries at once when it is woken', async (t) => {
    const { attempts, line } = hopeless(t, 1006);
    await turn();
    line.wake();
    await turn();
    assert.equal(attempts(), 2);
  });

  it('comes back without waiting when it was merely too slow', async (t) => {
    const { attempts, pass } = hopeless(t, 4408);
    await turn();
    await pass(1);
    assert.equal(attempts(), 2);
  });

  it('does not come back when its rights were withdrawn', async (t) => {
    const { attempts, line, pass } = hopeless(t, 4403);
    await turn();
    await pass(3600000);
    assert.equal(attempts(), 1);
    assert.equal(line.state(), 'refused');
  });
});

describe('A line that is asked to come back later', () => {
  it('does so not before that time, and not at the same moment as everybody else', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const random = t.mock.method(Math, 'random', () => 0.5);
    let attempts = 0;
    const open = (_, on) => {
      attempts += 1;
      queueMicrotask(() => on.open());
      return { send: (text) => on.text(JSON.stringify({ code: 1, seq: JSON.parse(text).seq, retry_after: 10 })), close() {} };
    };
    const line = createLine({ url: '', open, source: 4, signIn: () => ({ token: '' }), on: { hear() {}, state() {} } });
    line.start();
    await turn();
    t.mock.timers.tick(12499);
    await turn();
    assert.equal(attempts, 1);
    t.mock.timers.tick(1);
    await turn();
    assert.equal(attempts, 2);
    assert.ok(random.mock.callCount() > 0);
  });
});

describe('A line that stays silent', () => {
  it('is given up, and another one is opened', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const sent = [];
    let attempts = 0;
    const open = (_, on) => {
      attempts += 1;
      queueMicrotask(() => on.open());
      return {
        close() {},
        send(text) {
          sent.push(text);
          const { query, seq } = text === 'ping' ? {} : JSON.parse(text);
          if (query === 'login') queueMicrotask(() => on.text(JSON.stringify({ code: 0, query, seq })));
        },
      };
    };
    const line = createLine({ url: '', open, source: 4, signIn: () => ({ token: '' }), on: { hear() {}, state() {} } });
    line.start();
    await turn();
    assert.equal(line.state(), 'online');
    t.mock.timers.tick(50000);
    assert.equal(sent.at(-1), 'ping');
    t.mock.timers.tick(15000);
    assert.equal(line.state(), 'waiting');
    t.mock.timers.tick(1000);
    await turn();
    assert.equal(attempts, 2);
    line.stop();
  });
});

describe('A line that is let in and cut off again', () => {
  for (const [code, waits] of [
    [1006, [750, 1500, 3000, 6000]],
    [4408, [0, 1500, 3000, 6000]],
    [1012, [2500, 2500, 3000, 6000]],
  ]) {
    it(`has more patience each time, though it was signed in (${code})`, async (t) => {
      const { connections, line, pass, server } = scripted(t);
      await turn();
      for (const [number, wait] of waits.entries()) {
        assert.equal(line.state(), 'online');
        server().close(code);
        if (wait) await pass(wait - 1);
        assert.equal(connections(), number + 1, `came back before ${wait} ms`);
        await pass(1);
        assert.equal(connections(), number + 2, `did not come back after ${wait} ms`);
      }
    });
  }

  it('begins anew once it has lasted', async (t) => {
    const { connections, pass, server } = scripted(t);
    await turn();
    server().close(1006);
    await pass(750);
    await pass(30000);
    server().close(1006);
    await pass(750);
    assert.equal(connections(), 3);
  });
});

describe('A line that is turned away', () => {
  it('leaves the server alone for as long as it was asked to before it was closed', async (t) => {
    const opens = (on) => {
      queueMicrotask(() => on.text('{"code":2,"query":"error","reason":"too_many_sockets","retry_after":10}'));
      queueMicrotask(() => on.close(4429));
      return true;
    };
    const { connections, pass } = scripted(t, { opens });
    await turn();
    await pass(12499);
    assert.equal(connections(), 1);
    await pass(1);
    assert.equal(connections(), 2);
  });

  it('tries again after a fault of the server', async (t) => {
    const answers = ({ query }, _, number) => query === 'login' && number === 1 && { code: 2, reason: 'internal_error' };
    const { line, pass } = scripted(t, { answers });
    await turn();
    assert.equal(line.state(), 'waiting');
    await pass(750);
    assert.equal(line.state(), 'online');
  });
});

describe('A line that can not be opened', () => {
  it('is tried again when no token comes', async (t) => {
    const asked = [];
    const signIn = () => asked.push(1) && new Promise(() => {});
    const { line, pass } = scripted(t, { signIn });
    await turn();
    await pass(15000);
    assert.equal(line.state(), 'waiting');
    await pass(750);
    assert.equal(asked.length, 2);
  });

  it('is tried again when the host throws', async (t) => {
    const opens = (_, number) => {
      if (number === 1) throw new Error('not allowed here');
    };
    const { line, pass } = scripted(t, { opens });
    await turn();
    assert.equal(line.state(), 'waiting');
    await pass(750);
    assert.equal(line.state(), 'online');
  });

  it('leaves nothing behind that ends the next one when the host says so at once', async (t) => {
    const { connections, line, pass } = scripted(t, { opens: (on, number) => number === 1 && (on.close(1006), true) });
    await turn();
    await pass(750);
    assert.equal(line.state(), 'online');
    await pass(15000);
    assert.deepEqual([line.state(), connections()], ['online', 2]);
  });

  it('leaves nothing behind that ends the next one when a ping can not be sent', async (t) => {
    const answers = ({ query }, _, number) => {
      if (query === 'ping' && number === 1) throw new Error('gone');
    };
    const { connections, line, pass } = scripted(t, { answers });
    await turn();
    await pass(50000);
    assert.equal(line.state(), 'waiting');
    await pass(750);
    assert.equal(line.state(), 'online');
    await pass(15000);
    assert.deepEqual([line.state(), connections()], ['online', 2]);
  });
});

describe('A line that is stopped by whoever hears of it', () => {
  for (const [state, happens] of [
    ['connecting', () => {}],
    ['waiting', ({ server }) => server().close(1006)],
  ]) {
    it(`stays so when it was ${state}`, async (t) => {
      const given = scripted(t, { told: (now, line) => now === state && line.stop() });
      await turn();
      if (given.line.state() !== 'stopped') happens(given);
      await turn();
      const before = given.connections();
      await given.pass(120000);
      assert.deepEqual([given.line.state(), given.connections()], ['stopped', before]);
    });
  }
});

describe('A line that hears what it does not know', () => {
  it('goes on', async (t) => {
    const answers = ({ query }) => query === 'users' && { code: 0, data: [], more: { than: 'known' } };
    const { heard, line, server } = scripted(t, { answers });
    await turn();
    for (const text of ['', 'no JSON', 'null', '17', '[]', '"text"', '{}', '{"code":0,"seq":"a"}', new ArrayBuffer(8)]) server().text(text);
    server().text('{"code":0,"query":"sync_tomorrow","data":{"id":123456789012345678901234567890}}');
    const { data } = await line.ask('users', {});
    assert.deepEqual([data, line.state()], [[], 'online']);
    assert.deepEqual(heard.map(({ query }) => query), [undefined, 'sync_tomorrow']);
  });
});

describe('A question that is too long', () => {
  it('is refused, though the server can not say which one it could not read', async (t) => {
    const answers = ({ query }, on) => query === 'long' && on.text('{"code":2,"query":"error","reason":"frame_too_large"}');
    const { line } = scripted(t, { answers });
    await turn();
    const others = [line.ask('before', {}), line.ask('long', { text: 'x'.repeat(70000) })];
    await assert.rejects(others[1], { reason: 'frame_too_large' });
    assert.equal(line.state(), 'online');
    line.stop();
    await assert.rejects(others[0], { reason: 'offline' });
  });

  it('is not sent at all where the server would hang up', async (t) => {
    const asked = [];
    const { line } = scripted(t, { answers: ({ query }) => void asked.push(query) });
    await turn();
    await assert.rejects(line.ask('send', { text: '长'.repeat(350000) }), { reason: 'message_too_large' });
    assert.deepEqual(asked, ['login']);
  });
});
