/** What a browser remembers of messages that wait, and where they stand in a conversation. */

import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import './page.mjs';
import { draftsOf, waitingOf } from '../../static/chat/preferences.js';
import { put } from '../../static/chat/rooms.js';

/** The storage of a browser, where keys are properties. */
function storage() {
  const made = Object.create({
    getItem: (key) => (Object.hasOwn(made, key) ? made[key] : null),
    setItem: (key, value) => void (made[key] = value),
    removeItem: (key) => void delete made[key],
  });
  return made;
}

beforeEach(() => {
  const localStorage = storage();
  Object.defineProperty(globalThis, 'localStorage', { value: localStorage, configurable: true });
  globalThis.window = { localStorage };
});

const ids = (keep) => keep.all().map(({ clientId }) => clientId);

describe('What waits in a browser', () => {
  it('keeps the order in which it was written, whatever it is called and in whichever tab', () => {
    const tabs = [waitingOf('app.ann'), waitingOf('app.ann')];
    ['m-z', 'file-1', 'm-a', 'a'].forEach((clientId, number) => tabs[number % 2].put({ clientId, account: 'bob', body: {} }));
    assert.deepEqual(ids(tabs[0]), ['m-z', 'file-1', 'm-a', 'a']);
    tabs[0].drop('file-1');
    tabs[1].put({ clientId: 'm-z', account: 'bob', body: {} });
    assert.deepEqual(ids(tabs[0]), ['m-a', 'a', 'm-z']);
  });

  it('is not said by somebody else whose name begins alike', () => {
    waitingOf('app.ann/x').put({ clientId: 'c', account: 'bob', body: {} });
    assert.deepEqual([ids(waitingOf('app.ann')), ids(waitingOf('app.ann/x'))], [[], ['c']]);
  });

  it('lasts as long as the page where nothing may be kept, which is told', () => {
    const get = () => {
      throw new DOMException('forbidden', 'SecurityError');
    };
    for (const host of [globalThis, window]) Object.defineProperty(host, 'localStorage', { get, configurable: true });
    let told = 0;
    const keep = waitingOf('app.cat', () => (told += 1));
    for (const clientId of ['b', 'a']) keep.put({ clientId, account: 'bob', body: {} });
    assert.deepEqual([ids(keep), told], [['b', 'a'], 2]);
    keep.drop('b');
    assert.deepEqual([ids(keep), told], [['a'], 2]);
  });

  it('is what was written last, also where there is no room for more', () => {
    const drafts = draftsOf('app.dan', () => {});
    drafts.set('bob', '没');
    localStorage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    drafts.set('bob', '没写完');
    assert.equal(drafts.get('bob'), '没写完');
    drafts.set('bob', '');
    assert.equal(drafts.get('bob'), '');
  });
});

describe('A message that is listed before its receipt has come', () => {
  it('stands there once', () => {
    const waits = { clientId: 'c', mine: true, body: '在吗', read: false, state: 'waiting' };
    const known = put(put([], waits), { id: 7, clientId: null, mine: true, body: '在吗', read: true });
    const after = put(known, { ...waits, id: 7, state: 'sent' });
    assert.deepEqual(after, [{ ...waits, id: 7, state: 'sent', read: true }]);
  });
});
