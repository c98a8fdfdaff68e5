/** Messages that wait: what goes out when, with a server that is made up. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ChatError } from '../../static/chat-client/line.js';
import { createOutgoing } from '../../static/chat-client/outgoing.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What was asked, oldest first, each to be answered by hand. */
function outgoing(keep = null) {
  const asked = [];
  const ends = [];
  const made = createOutgoing({
    keep,
    ask: (_, { account, message, client_id }) =>
      new Promise((resolve, reject) => asked.push({ said: `${account}: ${message}`, clientId: client_id, resolve, reject })),
    on: { sent: (entry) => ends.push(`sent ${entry.body}`), failed: (entry) => ends.push(`failed ${entry.body}`) },
  });
  made.open();
  return { ...made, asked, ends, said: () => asked.map(({ said }) => said) };
}

describe('Messages that wait', () => {
  it('keep their order when the server puts one off', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { add, asked, said } = outgoing();
    ['一', '二', '三'].forEach((text) => add('bob', text));
    asked[0].resolve();
    await turn();
    asked[1].reject(new ChatError('too_many_requests', '', 0.2));
    await turn();
    assert.deepEqual(said(), ['bob: 一', 'bob: 二']);
    t.mock.timers.tick(200);
    asked[2].resolve();
    await turn();
    assert.deepEqual(said(), ['bob: 一', 'bob: 二', 'bob: 二', 'bob: 三']);
    assert.equal(asked[1].clientId, asked[2].clientId);
  });

  it('do not wait for those to somebody else', () => {
    const { add, said } = outgoing();
    add('bob', '一');
    add('carl', '二');
    assert.deepEqual(said(), ['bob: 一', 'carl: 二']);
  });

  it('do not wait for one that is refused', async () => {
    const { add, all, asked, ends, said } = outgoing();
    ['一', '二'].forEach((text) => add('bob', text));
    asked[0].reject(new ChatError('invalid_message'));
    await turn();
    asked[1].resolve();
    await turn();
    assert.deepEqual([ends, said()], [['failed 一', 'sent 二'], ['bob: 一', 'bob: 二']]);
    assert.deepEqual(all(), []);
  });

  it('go on in their order after a cut in the middle', async () => {
    const { add, asked, close, open, said } = outgoing();
    ['一', '二'].forEach((text) => add('bob', text));
    close();
    asked[0].reject(new ChatError('offline'));
    await turn();
    open();
    asked[1].resolve();
    await turn();
    assert.deepEqual(said(), ['bob: 一', 'bob: 一', 'bob: 二']);
  });

  it('are told once, though another page hears of them first', async () => {
    const { add, asked, ends, said, settle } = outgoing();
    const { clientId } = add('bob', '一');
    add('bob', '二');
    assert.equal(settle(clientId), true);
    asked[0].resolve();
    await turn();
    assert.deepEqual([ends, said()], [[], ['bob: 一', 'bob: 二']]);
  });
});
