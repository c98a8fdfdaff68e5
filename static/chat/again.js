/** Asking again what could not be answered. */

const AFTER = 3;
const LONGEST = 30;
export const PASSING = ['offline', 'unavailable', 'internal_error', 'too_many_requests', 'server_busy', 'storage_unavailable'];

/** Calls `ask` until it resolves, for `take`, or is refused for good. Returns a function that ends it. */
export function untilAnswered(ask, take) {
  let timer = null;
  let wait = AFTER;
  let ended = false;
  const attempt = () =>
    ask().then(
      (answer) => ended || take(answer),
      (error) => {
        if (!error.code) throw error;
        if (ended || !PASSING.includes(error.code)) return;
        const seconds = Math.max(wait, error.retryAfter || 0);
        wait = Math.min(wait * 2, LONGEST);
        timer = setTimeout(attempt, seconds * 1000 * (1 + Math.random() / 2));
      },
    );
  attempt();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
