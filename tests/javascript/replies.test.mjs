/** Quick replies, as the desk fills them in. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import './page.mjs';
import { filled } from '../../static/desk/replies.js';

describe('a quick reply', () => {
  it('has the name of the customer in it, whatever signs that is made of', () => {
    assert.equal(filled('{name}，您好，{name}', '$&$1'), '$&$1，您好，$&$1');
  });
});
