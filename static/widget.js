/**
 * A shop's chat on any page: <script src="https://chat.example/static/widget.js" data-app="…" data-shop="17" async></script>
 * What can be said besides stands in docs/widget.md. One global: ShopChat.
 */
(() => {
  const script = document.currentScript || document.querySelector('script[data-app][data-shop]'); // modules have no current one
  if (!script || window.ShopChat) return;
  const { app, shop, lang, theme, side, product: given } = script.dataset;
  const ours = new URL(script.src).origin;
  const language = lang || document.documentElement.lang || navigator.language;
  const chinese = language.toLowerCase().startsWith('zh');
  const words = chinese ? ['联系客服', '，%n 条未读', '客服对话'] : ['Chat with us', ', %n unread', 'Chat with the shop'];
  const narrow = '(max-width: 520px)';
  const shelf = `shop-chat.${app}.${shop}`;
  const edge = side === 'left' ? 'left' : 'right';
  let product = parsed(given);
  let open = false;
  let ready = false;
  let seen = '';
  let settling = 0;

  function parsed(text) {
    try {
      return text ? JSON.parse(text) : null;
    } catch {
      console.warn('ShopChat: data-product is no JSON');
      return null;
    }
  }

  /** For frames without a storage of their own: what they want kept; null to forget it. Returns what is kept. */
  function remember(kept, name = shelf) {
    try {
      if (kept === null) localStorage.removeItem(name);
      else if (kept) localStorage.setItem(name, kept);
      return localStorage.getItem(name);
    } catch {
      return null; // no storage here either: the conversation lasts as long as the page
    }
  }

  const make = (name, values, ...inside) => {
    const element = Object.assign(document.createElement(name), values);
    element.append(...inside);
    return element;
  };
  const draw = (name, values) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    Object.entries(values).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  };

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; direction: ltr; position: fixed; z-index: 2147483000; ${edge}: calc(20px + env(safe-area-inset-${edge})); bottom: calc(20px + env(safe-area-inset-bottom)); }
    [hidden] { display: none !important; }
    button { position: relative; display: grid; place-items: center; width: 56px; height: 56px; padding: 0; border: 0; border-radius: 50%; background: #0b7a5b; color: #fff; box-shadow: 0 6px 20px rgb(0 0 0 / .25); cursor: pointer; transition: transform .15s; }
    button:hover { transform: scale(1.05); }
    button:focus-visible { outline: 3px solid #0b7a5b; outline-offset: 3px; }
    svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round; }
    b { position: absolute; top: -4px; right: -4px; box-sizing: border-box; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px; background: #c8232c; color: #fff; font: 600 12px/22px system-ui, sans-serif; }
    div { box-sizing: border-box; position: fixed; ${edge}: calc(20px + env(safe-area-inset-${edge})); bottom: calc(88px + env(safe-area-inset-bottom)); width: 380px; height: min(640px, calc(100dvh - 110px)); border-radius: 16px; background: #f3f5f4; box-shadow: 0 12px 44px rgb(0 0 0 / .28); overflow: hidden; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    @media (prefers-color-scheme: dark) { button:focus-visible { outline-color: #4fc79d; } div { background: #0f1412; } }
    @media (prefers-reduced-motion: reduce) { button { transition: none; } }
    @media ${narrow} { div { inset: 0; width: auto; height: 100dvh; padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left); border-radius: 0; } button[aria-expanded=true] { display: none; } }
    @media print { :host { display: none; } }
  `);

  const badge = make('b', { hidden: true, ariaHidden: 'true' });
  const picture = draw('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' });
  picture.append(draw('path', { d: 'M4 5h16v11H9.5L5 20v-4H4V5Zm4 4h8m-8 3.5h5' }));
  const bubble = make('button', { type: 'button', ariaLabel: words[0], ariaExpanded: 'false', ariaHasPopup: 'dialog', hidden: true }, picture, badge);
  const place = new URL('/widget/', ours);
  place.search = new URLSearchParams({ appid: app || '', shop: shop || '', lang: chinese ? 'zh-hans' : 'en', theme: theme || '', site: location.origin });
  const frame = make('iframe', { src: place.href, title: words[2], allow: 'microphone; autoplay; clipboard-write' });
  const panel = make('div', { role: 'dialog', ariaLabel: words[2], hidden: true }, frame);
  const host = make('shop-chat', {});
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];
  root.append(panel, bubble);

  const tell = (what, more) => ready && frame.contentWindow.postMessage({ shopChat: what, ...more }, ours);
  const visit = () => tell('visit', { title: document.title, address: location.href, base: document.baseURI, product });

  /** A keyboard on the screen covers what the page thinks it has: on a phone the panel is as large as what can be seen. */
  function fit() {
    const { scale, height, offsetTop } = visualViewport;
    const covers = matchMedia(narrow).matches && scale <= 1;
    panel.style.top = covers ? `${offsetTop}px` : '';
    panel.style.height = covers ? `${height}px` : '';
  }

  function show(wanted) {
    if (!ready || open === wanted) return;
    open = wanted;
    panel.hidden = !open;
    bubble.ariaExpanded = String(open);
    if (open) {
      visit();
      frame.focus();
    } else if ([host, document.body].includes(document.activeElement)) bubble.focus();
    tell('open', { open });
  }

  const heard = {
    ready({ own }) {
      ready = true;
      bubble.hidden = false;
      if (!own) tell('kept', { kept: remember() });
      visit();
      if (open) tell('open', { open });
    },
    keep: ({ kept }) => tell('kept', { kept: remember(kept) }),
    note: ({ note }) => tell('note', { note: remember(note, `${shelf}.turn`), kept: remember() }),
    unread({ count }) {
      const n = count > 99 ? '99+' : String(Number(count) || 0);
      badge.hidden = n === '0';
      badge.textContent = n;
      bubble.ariaLabel = words[0] + (n === '0' ? '' : words[1].replace('%n', n));
    },
    close: () => show(false),
  };
  addEventListener('message', ({ source, origin, data }) => {
    if (source === frame.contentWindow && origin === ours && Object.hasOwn(heard, data?.shopChat)) heard[data.shopChat](data);
  });
  bubble.addEventListener('click', () => show(!open));
  addEventListener('keydown', (event) => open && event.key === 'Escape' && !event.defaultPrevented && show(false));
  // Another tab's frame had something kept.
  addEventListener('storage', ({ key, newValue }) => key === shelf && newValue && tell('kept', { kept: newValue }));
  visualViewport?.addEventListener('resize', fit);
  visualViewport?.addEventListener('scroll', fit);
  frame.addEventListener('load', () => setTimeout(() => ready || console.warn(`ShopChat: no chat here. Is the shop open to guests, and ${location.origin} among the app’s sites?`), 5000));

  const put = () => document.body?.append(host);
  put();
  addEventListener('DOMContentLoaded', () => host.isConnected || put());
  // A page may become another one without being loaded: its address first, its title later, and with a new body that has no chat in it.
  setInterval(() => {
    if (!host.isConnected) {
      ready = false;
      put();
    }
    if (seen !== location.href) settling = 3;
    seen = location.href;
    if (settling > 0) visit();
    settling -= 1;
  }, 1000);

  window.ShopChat = {
    open: () => show(true),
    close: () => show(false),
    /** The product that the page shows now; null for none. */
    product(shown) {
      product = shown || null;
      visit();
    },
  };
})();
