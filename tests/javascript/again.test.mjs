/** Pages that ask again over HTTP. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import './page.mjs';
import { untilAnswered } from '../../static/chat/refusals.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('What could not be answered', () => {
  it('is asked again after a pause that grows, and no sooner than the server wants', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    t.mock.method(Math, 'random', () => 0);
    let asked = 0;
    const refusals = [{ code: 'offline' }, { code: 'unavailable' }, { code: 'too_many_requests', retryAfter: 40 }, { code: 'offline' }, { code: 'offline' }];
    const taken = [];
    const answer = () => (asked < refusals.length ? Promise.reject(refusals[asked++]) : Promise.resolve('answer'));
    untilAnswered(answer, (what) => taken.push(what));
    await turn();
    for (const [number, seconds] of [3, 6, 40, 24, 30].entries()) {
      t.mock.timers.tick(seconds * 1000 - 1);
      await turn();
      assert.deepEqual([asked, taken], [number + 1, []]);
      t.mock.timers.tick(1);
      await turn();
    }
    assert.deepEqual(taken, ['answer']);
  });
});
