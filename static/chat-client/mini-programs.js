/** The sockets of WeChat and Alipay mini programs, in the shape that sockets.js describes. */

const ABNORMAL = 1006;

/** Give it `wx` or `my`. */
export function miniProgramSocket(api) {
  return (url, on) => {
    let closed = false;
    const close = (code) => {
      if (!closed) {
        closed = true;
        on.close(code || ABNORMAL);
      }
    };
    const lost = () => close(ABNORMAL);
    // `multiple` makes Alipay return a task of this socket's own, as WeChat always does.
    const task = api.connectSocket({ url, multiple: true, fail: lost });
    if (!task) {
      // WeChat has no task for a socket that is one too many.
      lost();
      return { send() {}, close() {} };
    }
    task.onOpen(() => on.open());
    task.onMessage((event) => on.text(textOf(event)));
    task.onClose((event) => close(event && event.code));
    // WeChat may report an error without closing.
    task.onError(lost);
    // Neither host throws: what could not be sent is only told.
    return { send: (data) => task.send({ data, fail: lost }), close: () => task.close({}) };
  };
}

/** Alipay wraps the text once more. What is no text is handed on as it is, and means nothing to a client. */
function textOf({ data }) {
  return data && typeof data.data === 'string' ? data.data : data;
}
