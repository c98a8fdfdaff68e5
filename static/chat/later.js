/** Modules that are fetched when somebody first needs them, or before that, while there is nothing else to do. */

const parts = [];
const QUIET = 2000;

/** `load(again)` imports a module. `again` stands behind its name after a failure: some browsers never ask twice for the same address. */
export function later(load) {
  let asking = null;
  let attempts = 0;
  const part = {
    /** null until it is there. */
    module: null,
    fetch() {
      asking ??= load(attempts ? `?${attempts}` : '').then(
        (module) => (part.module = module),
        (error) => {
          asking = null;
          attempts += 1;
          throw error;
        },
      );
      return asking;
    },
  };
  parts.push(part);
  return part;
}

/** All of them once the page rests, so that they are there when the line is gone. */
export function fetchAtRest() {
  if (navigator.connection?.saveData) return;
  const rest = window.requestIdleCallback || ((act) => setTimeout(act, QUIET));
  rest(() => parts.forEach((part) => part.fetch().catch(() => {}))); // Whoever needs it asks again.
}
