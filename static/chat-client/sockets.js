/**
 * Sockets of different hosts behind one shape: `open(url, on)` returns `{ send(text), close() }` and calls
 * `on.open()`, `on.text(text)` and, exactly once, `on.close(code)`.
 */

const ABNORMAL = 1006;
const OPEN = 1;

/** WebSocket, as browsers have it. */
export function browserSocket(url, on) {
  const socket = new WebSocket(url);
  socket.onopen = () => on.open();
  socket.onmessage = (event) => on.text(event.data);
  socket.onclose = (event) => on.close(event.code);
  // What is said to a socket that is closing is lost either way; browsers complain of it besides.
  const send = (text) => socket.readyState <= OPEN && socket.send(text);
  return { send, close: () => socket.close() };
}

/** The sockets of a mini program: give it `wx` or `my`. */
export function miniProgramSocket(api) {
  return (url, on) => {
    let closed = false;
    const close = (code) => {
      if (!closed) {
        closed = true;
        on.close(code || ABNORMAL);
      }
    };
    // `multiple` makes Alipay return a task of this socket's own, as WeChat always does.
    const task = api.connectSocket({ url, multiple: true, fail: () => close(ABNORMAL) });
    task.onOpen(() => on.open());
    task.onMessage((event) => on.text(textOf(event)));
    task.onClose((event) => close(event && event.code));
    // WeChat may report an error without closing.
    task.onError(() => close(ABNORMAL));
    return { send: (text) => task.send({ data: text }), close: () => task.close({}) };
  };
}

/** Alipay wraps the text once more. */
function textOf(event) {
  return typeof event.data === 'string' ? event.data : event.data.data;
}
