/**
 * Sockets of different hosts behind one shape: `open(url, on)` returns `{ send(text), close() }` and calls
 * `on.open()`, `on.text(text)` and, exactly once, `on.close(code)`.
 */

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
