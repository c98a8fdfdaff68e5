/** Tokens of pages, where the browser's clock is wrong or the server silent. */

import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import './page.mjs';
import { createSession } from '../../static/chat/session.js';

let requests;
let answers;

beforeEach(() => {
  requests = [];
  globalThis.fetch = (path, options) => requests.push(path) && answers(options);
});

const MINUTE = 60000;
/** A token for half an hour, by a server whose clock is so far before the browser's. */
const lent = (before) => {
  const now = Date.now() - before;
  const body = JSON.stringify({ token: `token ${requests.length}`, expires_at: new Date(now + 30 * MINUTE).toISOString() });
  return new Response(body, { headers: { Date: new Date(now).toUTCString() } });
};

describe('A token', () => {
  for (const [name, wrong] of [
    ['right', 0],
    ['two hours ahead', 120 * MINUTE],
    ['two hours behind', -120 * MINUTE],
  ]) {
    it(`is renewed when it ends, and not before, by a clock that is ${name}`, async (t) => {
      t.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-01-02T03:04:05Z') });
      answers = async () => lent(wrong);
      const session = createSession({ appid: 'app', account: 'ann' });
      for (const [passed, expected] of [[0, 'token 1'], [28 * MINUTE, 'token 1'], [90 * 1000, 'token 2']]) {
        t.mock.timers.tick(passed);
        assert.equal(await session.token(), expected);
      }
      session.end();
    });
  }

  it('is asked for anew where no answer came', async (t) => {
    const timeouts = [];
    t.mock.method(AbortSignal, 'timeout', (milliseconds) => timeouts.push(milliseconds) && AbortSignal.abort());
    answers = async ({ signal }) => signal.throwIfAborted();
    const session = createSession({ appid: 'app', account: 'ann' });
    await assert.rejects(session.token(), { code: 'offline' });
    await assert.rejects(session.token(), { code: 'offline' });
    assert.deepEqual(timeouts, [20000, 20000]);
    session.end();
  });
});
