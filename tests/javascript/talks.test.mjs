/** The conversation list of the pages, as the list and what is pushed change it. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createTalks } from '../../static/chat/talks.js';

/** A list with one conversation, of which the server told these unread messages up to this id. */
function listed(unread, id) {
  const talks = createTalks();
  const user = { account: 'ann', nickname: '安', avatar: '', last_msg: '在吗', last_time: '', is_top: 0, type: 1 };
  talks.list([{ ...user, noread_nums: unread, message_id: id }], true);
  return talks;
}

const arrived = (id) => ({ id, preview: '在吗', at: '', unread: 1 });

describe('a conversation of the list', () => {
  it('counts a message that arrives', () => {
    const talks = listed(1, 7);
    talks.said('ann', arrived(8));
    assert.equal(talks.get('ann').unread, 2);
  });

  it('does not count again what the list had counted', () => {
    const talks = listed(1, 7);
    assert.equal(talks.said('ann', arrived(7)), true);
    assert.equal(talks.get('ann').unread, 1);
  });

  it('does not count a message twice', () => {
    const talks = listed(0, 7);
    talks.said('ann', arrived(8));
    talks.said('ann', arrived(8));
    assert.equal(talks.get('ann').unread, 1);
  });

  it('takes what waits to be sent for the newest, and what comes after it for newer', () => {
    const talks = listed(0, 7);
    talks.said('ann', { preview: '您好', at: '', unread: 0 });
    assert.equal(talks.get('ann').preview, '您好');
    talks.said('ann', arrived(8));
    assert.equal(talks.get('ann').unread, 1);
  });

  it('is not known before the list has it', () => {
    assert.equal(createTalks().said('ann', arrived(8)), false);
  });
});
