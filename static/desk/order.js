/** Who waits comes first. */

/** Rows with unread messages before the others; `kept` is one that stays among the first though it was just opened. */
export function unreadFirst(rows, kept) {
  const waits = (row) => row.unread > 0 || row.account === kept;
  return [...rows.filter(waits), ...rows.filter((row) => !waits(row))];
}

/** The account before or behind `current` among rows, or the first; null at the end. */
export function neighbour(rows, current, step) {
  const at = rows.findIndex((row) => row.account === current);
  if (at < 0) return rows[0]?.account ?? null;
  return rows[at + step]?.account ?? null;
}
