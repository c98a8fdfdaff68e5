/** What the server refused, or what kept a query from reaching it. */
export class ChatError extends Error {
  /** `reason` is the server's word, or `offline` when no answer came. */
  constructor(reason, message, retryAfter) {
    super(message || reason);
    this.name = 'ChatError';
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}

/** The error that a frame with code 2 stands for. */
export function refusal(frame) {
  return new ChatError(frame.reason || 'refused', frame.msg, frame.retry_after);
}

export function offline() {
  return new ChatError('offline');
}
