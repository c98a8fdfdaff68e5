/** What a client does when its line is back, with a server that is made up. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createChatClient } from '../../static/chat-client.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const two = (number) => String(number).padStart(2, '0');
const clock = (seconds) => `2024-04-16 09:${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;

/** A stored message: an item of lists. One a second, unless `at` says otherwise. */
const item = (id, { from = 'bob', is_read = 0, at = clock(id), ...more } = {}) => ({
  id, message_id: id, from_account: from, to_account: from === 'bob' ? 'ann' : 'bob', message: { type: 'txt', content: `第${id}条` }, is_read, created_at: at, ...more,
});

/** Ann's client, and a server that has `stored` messages of her and bob, two a page; `refuses(frame)` may say no. */
async function returning(t, stored, refuses = () => null) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const world = { stored, refuses, asked: [] };
  let current = null;
  const open = (_, on) => {
    current = on;
    queueMicrotask(() => on.open());
    return { close() {}, send: (text) => queueMicrotask(() => on.text(JSON.stringify(answer(JSON.parse(text))))) };
  };
  function answer({ query, seq, data }) {
    world.asked.push([query, data]);
    const refusal = world.refuses({ query, data });
    if (refusal) return { code: 2, query, seq, ...refusal };
    const names = { target_account: data.account, target_nickname: '', target_avatar: '', my_avatar: '' };
    if (query === 'chats') return { code: 0, query, seq, data: { ...names, list: world.stored.slice(-20), has_more: false } };
    const list = world.stored.filter(({ id }) => id > data.after_id);
    return { code: 0, query, seq, data: { ...names, list: list.slice(0, 2), has_more: list.length > 2 } };
  }
  const client = createChatClient({ url: '', signIn: () => ({ token: '' }), open });
  const heard = [];
  for (const name of ['message', 'deleted', 'read', 'back']) client.on(name, (detail) => heard.push([name, detail]));
  client.start();
  await turn();
  await client.chats('bob');
  heard.length = world.asked.length = 0;
  return {
    client,
    world,
    heard,
    of: (name) => heard.filter(([other]) => other === name).map(([, detail]) => detail),
    tell: (frame) => current.text(JSON.stringify({ code: 0, ...frame })),
    async pass(milliseconds) {
      t.mock.timers.tick(milliseconds);
      await turn();
    },
    async cut() {
      current.close(1006);
      client.wake();
      await turn();
    },
  };
}

describe('After a cut', () => {
  it('the newest messages are asked for anew, and all that may have been taken back meanwhile', async (t) => {
    const stored = [1, 100, 170, 180, 190, ...Array.from({ length: 12 }, (_, number) => 200 + number)].map((id) => item(id));
    const { cut, world, of } = await returning(t, stored);
    world.stored[3] = item(180, { recalled: 1 });
    await cut();
    assert.deepEqual(world.asked.find(([query]) => query === 'history_chats')[1].after_id, 99);
    assert.deepEqual(of('message').filter(({ recalled }) => recalled).map(({ id }) => id), [180]);
  });

  it('a conversation that was deleted meanwhile is gone up to what was said afterwards', async (t) => {
    const stored = Array.from({ length: 15 }, (_, number) => item(number + 1, { at: clock(number * 200) }));
    const { cut, world, heard, of } = await returning(t, stored);
    world.stored = [item(20)];
    await cut();
    assert.deepEqual(of('deleted'), [{ peer: 'bob', upTo: 19 }]);
    assert.deepEqual(heard.map(([name]) => name), ['deleted', 'message', 'back']);
    world.stored = [];
    await cut();
    assert.deepEqual(of('deleted')[1], { peer: 'bob', upTo: 20 });
  });

  it('what was sent and is read now is known to be so, however long ago it was sent', async (t) => {
    const stored = Array.from({ length: 18 }, (_, number) => item(number + 1, { from: 'ann', at: clock(number * 200) }));
    const { cut, world, of } = await returning(t, stored);
    world.stored = stored.map((each) => ({ ...each, is_read: 1 }));
    await cut();
    assert.ok(of('message')[0].id > 1);
    assert.deepEqual(of('read'), [{ peer: 'bob', upTo: 18 }]);
  });

  it('what the server puts off is asked for again, and then nothing is missing', async (t) => {
    const { cut, world, of, pass } = await returning(t, [item(1)]);
    world.stored.push(...[2, 3, 4, 5].map((id) => item(id)));
    let times = 0;
    world.refuses = ({ query, data }) => query === 'history_chats' && data.after_id === 2 && ++times < 3 && { reason: 'storage_unavailable', retry_after: 1 };
    await cut();
    assert.deepEqual([of('message').length, of('back').length], [2, 0]);
    await pass(1000);
    await pass(1000);
    assert.deepEqual(of('message').map(({ id }) => id), [1, 2, 3, 4, 5]);
    assert.equal(of('back').length, 1);
  });

  it('a conversation that can not be had keeps nothing else back', async (t) => {
    const { cut, world, of } = await returning(t, [item(1)]);
    world.refuses = ({ query }) => query === 'history_chats' && { reason: 'unknown_account' };
    await cut();
    assert.equal(of('back').length, 1);
  });

  it('what arrives while pages are still fetched is asked for again at the next one', async (t) => {
    const { cut, world, heard, tell, pass } = await returning(t, [item(1)]);
    world.stored.push(...[2, 3, 4].map((id) => item(id)));
    world.refuses = ({ data }) => data.after_id === 2 && { reason: 'storage_unavailable', retry_after: 5 };
    await cut();
    tell({ query: 'user_message', message_id: 9, data: { account: 'bob', message: {}, created_at: clock(9), is_read: 0 } });
    world.refuses = () => null;
    await cut();
    await pass(0);
    const ids = heard.filter(([name]) => name === 'message').map(([, { id, live }]) => [id, live]);
    assert.deepEqual(ids, [[1, false], [2, false], [9, true], [1, false], [2, false], [3, false], [4, false]]);
  });

  it('a conversation that was forgotten while it is fetched stays so', async (t) => {
    const { client, cut, world, of, pass } = await returning(t, [item(1)]);
    world.stored.push(...[2, 3, 4].map((id) => item(id)));
    world.refuses = ({ data }) => data.after_id === 2 && { reason: 'storage_unavailable', retry_after: 1 };
    await cut();
    client.forget('bob');
    world.refuses = () => null;
    await pass(1000);
    await cut();
    assert.deepEqual(of('message').map(({ id }) => id), [1, 2]);
  });
});

describe('What is read', () => {
  it('is asked for again when the server puts it off', async (t) => {
    const { client, world, pass } = await returning(t, [item(1)]);
    world.refuses = () => ({ reason: 'storage_unavailable', retry_after: 1 });
    const page = client.chats('bob');
    await turn();
    world.refuses = () => null;
    await pass(1000);
    assert.equal((await page).messages.length, 1);
  });
});

describe('A handler that throws', () => {
  it('is told of it, and nobody else misses anything', async (t) => {
    const { client, tell } = await returning(t, []);
    const heard = [];
    client.on('typing', () => {
      throw new Error('a mistake');
    });
    client.on('typing', (detail) => heard.push(detail));
    tell({ query: 'sync_typing', data: { account: 'ann', chat_account: 'bob', typing: 1 } });
    assert.deepEqual(heard, [{ peer: 'bob', typing: true }]);
    assert.throws(() => t.mock.timers.tick(1), { message: 'a mistake' });
  });
});
