/** The present as the server has it: clocks of phones and shop computers are wrong by minutes and hours. */

const BEARABLE = 2000; // the server tells whole seconds, and its answer was on the way for a while
let ahead = 0; // of this machine’s clock, in milliseconds

export const present = () => Date.now() + ahead;

/** `date` is the header of an answer that has just come. */
export function setClock(date) {
  const difference = Date.parse(date) - Date.now();
  ahead = Math.abs(difference) > BEARABLE ? difference : 0;
}
