/** How the line waits: with a clock of the test's own, and no server. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createLine } from '../../static/chat-client/line.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

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
