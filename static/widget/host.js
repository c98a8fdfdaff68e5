/** The page that the frame stands in: strangers, who may say what they look at and when the frame is open. */

const LONGEST = { title: 200, address: 1000, id: 64, name: 200, price: 32 };
const NAMES = ['id', 'name', 'price', 'cover', 'url'];

const cut = (text, length) => [...String(text ?? '')].slice(0, length).join('');

/** An address as it may be told to others; empty if it is none of http or https, or too long. */
function web(text, base) {
  try {
    const url = new URL(text, base);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return '';
    url.username = url.password = url.hash = '';
    const short = url.href.length > LONGEST.address ? url.origin + url.pathname : url.href;
    return short.length > LONGEST.address ? '' : short;
  } catch {
    return '';
  }
}

/** What the page says of itself, in the form and the lengths that the server takes. */
export function visitOf({ title, address, base, product }) {
  const page = web(address);
  const visit = { title: cut(title, LONGEST.title), address: page, goods: null };
  if (product && typeof product === 'object' && product.id) {
    const goods = {};
    for (const name of NAMES) {
      const value = LONGEST[name] ? cut(product[name], LONGEST[name]).trim() : product[name] && web(product[name], web(base) || page || undefined);
      if (value) goods[`goods_${name}`] = value;
    }
    if (goods.goods_id) visit.goods = goods;
  }
  return visit;
}

const text = (value) => (typeof value === 'string' ? value : null);

/** Speaks with the parent if it is of `site`, and with nobody else; calls `changed()` with its news, `gave(kept)` with what it has kept, or null, and `noted({ note, kept })` with a note besides. */
export function createHost(site) {
  const host = { open: false, visit: visitOf({}), changed() {}, gave() {}, noted() {} };
  const tell = (what, more) => parent.postMessage({ shopChat: what, ...more }, site);
  window.addEventListener('message', ({ source, origin, data }) => {
    if (source !== parent || origin !== site || typeof data !== 'object' || !data) return;
    if (data.shopChat === 'visit') host.visit = visitOf(data);
    else if (data.shopChat === 'open') host.open = data.open === true;
    else if (data.shopChat === 'kept') host.gave(text(data.kept));
    else if (data.shopChat === 'note') host.noted({ note: text(data.note), kept: text(data.kept) });
    host.changed();
  });
  host.tell = tell;
  host.ready = (own) => tell('ready', { own });
  host.keep = (kept) => tell('keep', { kept });
  host.close = () => tell('close');
  host.unread = (count) => tell('unread', { count });
  return host;
}
