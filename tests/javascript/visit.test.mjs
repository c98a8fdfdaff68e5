/** What a page around the widget says of itself, as the frame takes it. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { visitOf } from '../../static/widget/host.js';

const product = { id: 9, cover: 'coat.jpg', url: '/coat' };

describe('Addresses of a product', () => {
  it('are relative to the page', () => {
    const { goods } = visitOf({ address: 'https://a.example/shop/coats?id=9', product });
    assert.deepEqual(goods, { goods_id: '9', goods_cover: 'https://a.example/shop/coat.jpg', goods_url: 'https://a.example/coat' });
  });

  it('are relative to what the page names as its base', () => {
    const { address, goods } = visitOf({ address: 'https://a.example/shop/coats', base: 'https://cdn.example/x/', product });
    assert.deepEqual(goods, { goods_id: '9', goods_cover: 'https://cdn.example/x/coat.jpg', goods_url: 'https://cdn.example/coat' });
    assert.equal(address, 'https://a.example/shop/coats');
  });

  it('are relative to the page where its base is none', () => {
    const { goods } = visitOf({ address: 'https://a.example/shop/coats', base: 'javascript:alert(1)', product });
    assert.equal(goods.goods_url, 'https://a.example/coat');
  });
});
