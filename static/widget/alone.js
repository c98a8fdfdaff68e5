/** One tab after another: where a visitor writes in several at once, one makes the guest, and the others find it made. */

const SEEN = 200; // so long it may take until other tabs see what one has kept
const PATIENCE = 500; // with pages around that keep no notes
const LONGEST = 20000; // a turn; who waits longer goes on

const moment = () => new Promise((resolve) => setTimeout(resolve, SEEN));

/** What `act` gives, which is done while no other tab that keeps the same does it. */
export function alone(host, kept, act) {
  if (kept.own && navigator.locks) return locked(kept.name, act);
  return agreed(kept.own ? kept.note : (note) => noted(host, kept, note), act);
}

function locked(name, act) {
  return new Promise((resolve, reject) => {
    const told = () => act().then(resolve, reject);
    navigator.locks.request(name, () => told().then(moment)).catch(told); // forbidden
  });
}

/** By a note in what tabs share: it is the turn of the one whose note still stands there after a moment. `note(text)` gives what stands there then. */
async function agreed(note, act) {
  const mine = String(Math.random());
  const until = Date.now() + LONGEST;
  while (Date.now() < until) {
    const [by, ends] = ((await note()) || '').split(' ');
    if (by === mine) break;
    const claim = `${mine} ${until}`;
    if (!(ends > Date.now()) && (await note(claim)) !== claim) break; // Nothing is kept, and nothing shared.
    await moment();
  }
  return act().finally(() => moment().then(() => note(null)));
}

/** The page around keeps it, and what makes the visitor known. */
function noted(host, kept, note) {
  return new Promise((resolve) => {
    host.noted = (data) => {
      if (data.kept) kept.given(data.kept);
      resolve(data.note);
    };
    host.tell('note', { note });
    setTimeout(resolve, PATIENCE);
  });
}
