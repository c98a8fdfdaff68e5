/** chat-client.js against a running server: started by tests/test_chat_client.py. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { miniProgramSocket } from '../../static/chat-client.js';
import { person, plainSocket, token, txt } from './people.mjs';

let people = [];
const enter = (...given) => {
  const somebody = person(...given);
  people.push(somebody);
  return somebody.online();
};
afterEach(() => {
  people.forEach(({ client }) => client.stop());
  people = [];
});

describe('Signing in', () => {
  it('takes a password', async () => {
    const ann = await enter('ann1');
    assert.equal(ann.client.state(), 'online');
  });

  it('takes a token', async () => {
    const ann = await enter('ann1', { signIn: () => ({ token: token('ann1') }) });
    assert.equal(ann.client.state(), 'online');
  });

  it('says why it was refused, and does not try for ever', async () => {
    const ann = person('ann1', { signIn: () => ({ appid: 'nobody', account: 'ann1', password: 'wrong' }) });
    people.push(ann);
    ann.client.start();
    const { error } = await ann.until('state', ({ state }) => state === 'refused');
    assert.equal(error.message, '登录失败，账号或密码错误');
    assert.equal(ann.attempts(), 1);
  });

  it('asks for a new token when the old one is not good any more', async () => {
    const asked = [];
    const signIn = ({ renew }) => {
      asked.push(renew);
      return { token: renew ? token('ann1') : 'stale' };
    };
    await enter('ann1', { signIn });
    assert.deepEqual(asked, [false, true]);
  });

  it('gives up when the new token is refused, too', async () => {
    const ann = person('ann1', { signIn: () => ({ token: 'stale' }) });
    people.push(ann);
    ann.client.start();
    const { error } = await ann.until('state', ({ state }) => state === 'refused');
    assert.equal(error.reason, 'token_invalid');
  });
});

describe('A talk', () => {
  it('brings messages, receipts and read marks', async () => {
    const [ann, bob] = [await enter('ann2'), await enter('bob2')];
    const { clientId } = ann.client.send('bob2', txt('在吗'));
    const receipt = await ann.until('sent');
    const message = await bob.until('message');
    assert.deepEqual([receipt.clientId, receipt.id, receipt.read], [clientId, message.id, false]);
    assert.deepEqual([message.peer, message.mine, message.body, message.live], ['ann2', false, txt('在吗'), true]);
    await bob.client.enter('ann2');
    assert.equal((await bob.until('unread')).total, 0);
    assert.deepEqual(await ann.until('read'), { peer: 'bob2', upTo: Infinity });
    ann.client.send('bob2', txt('看到了吧'));
    assert.equal((await ann.until('sent')).read, true);
    await bob.client.leave();
    ann.client.send('bob2', txt('走了吗'));
    assert.equal((await ann.until('sent')).read, false);
  });

  it('is the same on another socket of the account', async () => {
    const [ann, phone] = [await enter('ann3'), await enter('ann3')];
    ann.client.send('bob3', txt('你好'));
    const { id } = await ann.until('sent');
    const message = await phone.until('message');
    assert.deepEqual([message.id, message.peer, message.mine], [id, 'bob3', true]);
    await phone.client.pin('bob3', true);
    assert.deepEqual(await ann.until('pinned'), { peer: 'bob3', pinned: true });
    await phone.client.remove('bob3');
    assert.equal((await ann.until('deleted')).peer, 'bob3');
    assert.deepEqual(await ann.client.users(), []);
  });

  it('keeps the order of what is written at once', async () => {
    const [ann, bob] = [await enter('ann4'), await enter('bob4')];
    const written = Array.from({ length: 40 }, (_, number) => String(number));
    written.forEach((content) => ann.client.send('bob4', txt(content)));
    const arrived = [];
    for (const _ of written) arrived.push((await bob.until('message')).body.content);
    assert.deepEqual(arrived, written);
  });

  it('is read in pages', async () => {
    const ann = await enter('ann5');
    for (let number = 1; number <= 25; number += 1) ann.client.send('bob5', txt(String(number)));
    for (let number = 1; number <= 25; number += 1) await ann.until('sent');
    const newest = await ann.client.chats('bob5');
    assert.deepEqual([newest.messages.length, newest.hasMore, newest.peer.nickname], [20, true, 'bob5']);
    const older = await ann.client.history('bob5', { before: newest.messages[0].id });
    assert.deepEqual(older.messages.map((message) => message.body.content), ['1', '2', '3', '4', '5']);
    assert.equal(older.hasMore, false);
  });

  it('tells what the server refuses', async () => {
    const ann = await enter('ann1');
    await assert.rejects(ann.client.chats('nobody'), { reason: 'unknown_account', message: '对方账号不存在' });
    const { clientId, body } = ann.client.send('nobody', txt('在吗'));
    const { error, ...failed } = await ann.until('failed');
    assert.deepEqual([failed, error.reason], [{ clientId, peer: 'nobody', body }, 'unknown_account']);
    assert.deepEqual(ann.client.waiting(), []);
  });
});

describe('The robot', () => {
  it('shows its menu and answers', async () => {
    const ann = await enter('ann6');
    await ann.client.robot('shop6', 6);
    const menu = await ann.until('menu');
    assert.deepEqual([menu.peer, menu.questions[0].question], ['shop6', '包邮吗']);
    await ann.client.robot('shop6', 6, { questionId: menu.questions[0].question_id });
    const answer = await ann.until('message');
    assert.deepEqual([answer.peer, answer.body, answer.robot], ['shop6', txt('本店全场包邮'), true]);
    const { messages } = await ann.client.chats('shop6');
    assert.deepEqual([messages.at(-1).robot, messages.at(-1).handover], [true, false]);
  });
});

describe('A cut line', () => {
  it('comes back by itself, into the room it was in', async () => {
    const [ann, bob] = [await enter('ann7'), await enter('bob7')];
    await bob.client.enter('ann7');
    bob.cut();
    await bob.until('back');
    ann.client.send('bob7', txt('还在吗'));
    assert.equal((await ann.until('sent')).read, true);
  });

  it('holds back what is written meanwhile, and sends it once', async () => {
    const [ann, bob] = [await enter('ann8'), await enter('bob8')];
    ann.cut();
    await ann.until('state', ({ state }) => state === 'waiting');
    ann.client.send('bob8', txt('一'));
    ann.client.send('bob8', txt('二'));
    await assert.rejects(ann.client.users(), { reason: 'offline' });
    ann.client.wake();
    assert.equal((await bob.until('message')).body.content, '一');
    assert.equal((await bob.until('message')).body.content, '二');
    await ann.until('sent');
    await ann.until('sent');
    assert.deepEqual(ann.client.waiting(), []);
  });

  it('stores a message once whose receipt was lost', async () => {
    const [ann, bob] = [await enter('ann9'), await enter('bob9')];
    ann.loseAt((frame) => frame.query === 'sync_read');
    ann.client.send('bob9', txt('下单了'));
    const { id } = await ann.until('sent');
    assert.equal(ann.attempts(), 2);
    assert.equal((await bob.until('message')).id, id);
    const { messages } = await ann.client.chats('bob9');
    assert.equal(messages.length, 1);
  });

  it('keeps nothing back of what was said meanwhile', async () => {
    const [ann, bob] = [await enter('ann10'), await enter('bob10')];
    bob.client.send('ann10', txt('早'));
    const first = await ann.until('message');
    await bob.until('sent');
    await ann.client.chats('bob10');
    ann.client.stop();
    const written = Array.from({ length: 120 }, (_, number) => `missed ${number}`);
    written.forEach((content) => bob.client.send('ann10', txt(content)));
    for (const _ of written) await bob.until('sent');
    ann.client.start();
    await ann.until('back');
    const arrived = ann.heard.filter(([name]) => name === 'message').map(([, message]) => message);
    assert.equal(arrived[0].id, first.id);
    assert.deepEqual(arrived.slice(1).map((message) => message.body.content), written);
    assert.equal(arrived.some((message) => message.live), false);
  });

  it('learns of a conversation that was deleted on another device meanwhile', async () => {
    const [ann, phone] = [await enter('ann11'), await enter('ann11')];
    ann.client.send('bob11', txt('早'));
    const { id } = await ann.until('sent');
    await ann.client.chats('bob11');
    ann.cut();
    await ann.until('state', ({ state }) => state === 'waiting');
    await phone.client.remove('bob11');
    ann.client.wake();
    assert.deepEqual(await ann.until('deleted'), { peer: 'bob11', upTo: id });
  });
});

describe('Who is online', () => {
  it('is told again after a cut, and further on', async () => {
    const [ann, bob] = [await enter('ann15', { subscribe: ['online'] }), person('bob15')];
    people.push(bob);
    ann.client.send('bob15', txt('在吗'));
    await ann.until('sent');
    assert.equal((await ann.client.online(['bob15']))[0].online, 0);
    ann.cut();
    assert.deepEqual(await ann.until('online'), { peer: 'bob15', online: false });
    await bob.online();
    assert.deepEqual(await ann.until('online'), { peer: 'bob15', online: true });
  });
});

describe('Messages that wait', () => {
  const shelf = (...entries) => {
    const kept = new Map(entries.map((entry) => [entry.clientId, entry]));
    return {
      kept,
      all: () => [...kept.values()],
      put: (entry) => kept.set(entry.clientId, entry),
      drop: (clientId) => kept.delete(clientId),
    };
  };

  it('go out after the page was closed and opened again', async () => {
    const keep = shelf({ clientId: 'from-before', account: 'bob12', body: txt('昨天写的') });
    const ann = await enter('ann12', { keep });
    assert.equal((await ann.until('sent')).clientId, 'from-before');
    assert.equal(keep.kept.size, 0);
  });

  it('are sent once by two pages that share them', async () => {
    const entry = { clientId: 'shared', account: 'bob13', body: txt('只说一次') };
    const keep = shelf(entry);
    const pages = [person('ann13', { keep }), person('ann13', { keep })];
    people.push(...pages);
    await Promise.all(pages.map((page) => page.online()));
    const receipts = await Promise.all(pages.map((page) => page.until('sent')));
    assert.equal(receipts[0].id, receipts[1].id);
    assert.equal((await pages[0].client.chats('bob13')).messages.length, 1);
  });
});

describe('A mini program', () => {
  /** The parts of `wx` and `my` that sockets are made of, over this machine's own. */
  const host = (wrap) => ({
    connectSocket({ url }) {
      const on = {};
      const socket = plainSocket(url, {
        open: () => on.open({}),
        text: (text) => on.message({ data: wrap(text) }),
        close: (code) => on.close({ code }),
      });
      return {
        onOpen: (handler) => Object.assign(on, { open: handler }),
        onMessage: (handler) => Object.assign(on, { message: handler }),
        onClose: (handler) => Object.assign(on, { close: handler }),
        onError: (handler) => Object.assign(on, { error: handler }),
        send: ({ data }) => socket.send(data),
        close: () => socket.close(),
      };
    },
  });

  for (const [name, source, wrap] of [
    ['WeChat', 2, (text) => text],
    ['Alipay', 3, (text) => ({ data: text, isBuffer: false })],
  ]) {
    it(`talks by the sockets of ${name}`, async () => {
      const ann = await enter('ann14', { source, open: miniProgramSocket(host(wrap)) });
      ann.client.send('bob14', txt('你好'));
      assert.equal((await ann.until('sent')).peer, 'bob14');
      ann.cut();
      await ann.until('back');
    });
  }

  /** A host whose handlers are called by hand: `{ on, closed, texts, socket }`. */
  const byHand = (given = {}) => {
    const made = { on: {}, closed: [], texts: [] };
    const keep = (name) => (handler) => (made.on[name] = handler);
    const task = { onOpen: keep('open'), onMessage: keep('message'), onClose: keep('close'), onError: keep('error'), close() {}, send: ({ fail }) => (made.on.unsent = fail) };
    const connectSocket = ({ fail }) => ((made.on.fail = fail), 'task' in given ? given.task : task);
    const on = { open() {}, text: (text) => made.texts.push(text), close: (code) => made.closed.push(code) };
    made.socket = miniProgramSocket({ connectSocket })('wss://nowhere/ws', on);
    return made;
  };

  it('hears once that a connection failed, whatever the host reports', () => {
    const { on, closed } = byHand();
    on.fail();
    on.error({ errMsg: 'refused' });
    on.close({ code: 1000 });
    assert.deepEqual(closed, [1006]);
  });

  it('hears of an end without a code', () => {
    const { on, closed } = byHand();
    on.close();
    assert.deepEqual(closed, [1006]);
  });

  it('hears that nothing can be sent any more', () => {
    const { on, closed, socket } = byHand();
    socket.send('ping');
    on.unsent({ errMsg: 'sendSocketMessage:fail' });
    assert.deepEqual(closed, [1006]);
  });

  it('is told so when the host has no socket left', () => {
    const { closed, socket } = byHand({ task: undefined });
    socket.send('ping');
    socket.close();
    assert.deepEqual(closed, [1006]);
  });

  it('hands on what is no text, which clients do not mind', () => {
    const { on, texts } = byHand();
    const bytes = new ArrayBuffer(2);
    on.message({ data: bytes });
    on.message({ data: { data: 'text', isBuffer: false } });
    assert.deepEqual(texts, [bytes, 'text']);
  });
});
