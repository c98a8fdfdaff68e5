/** What a link to the chat may bring along: `?to=dev17&shop_id=17&goods_id=9&goods_name=…&goods_price=…&goods_cover=…&goods_url=…`. */

export function offerOf(search) {
  const given = new URLSearchParams(search);
  const get = (name) => given.get(name) || undefined;
  const offer = { to: get('to') || null, shop: Number(get('shop_id')) || null, goods: null, body: null };
  if (!get('goods_id')) return offer;
  const data = {
    goods_id: get('goods_id'),
    goods_cover: get('goods_cover') || '',
    goods_price: get('goods_price') || '',
    goods_name: get('goods_name'),
    goods_url: get('goods_url'),
  };
  offer.goods = { name: data.goods_name || data.goods_id, price: data.goods_price, cover: data.goods_cover };
  offer.body = { type: 'goods', content: '商品', data };
  return offer;
}
