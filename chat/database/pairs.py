"""One writer at a time for the talk between two accounts, in whichever process it runs, and who wrote before."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from django.db import connection, transaction

Pair = tuple[int, int]
"""The ids of two accounts, the lower one first."""
RECENT = timedelta(seconds=1)
"""For how long what a process has written may still be on its way to the sockets of other processes."""
FORGOTTEN = timedelta(minutes=10)


class Turn(NamedTuple):
    """One transaction of a process that tells sockets of what it wrote."""

    process: str
    """The channel on which the process can be asked about it."""
    number: int
    """Grows with each turn of the process."""


SILENT = Turn("", 0)
"""The turn of those of whom nobody can ask whether they have told what they wrote."""

# The row is also the lock: it is held until the transaction ends, and rows are taken in the order of the keys, so that
# writers cannot deadlock. What stood there before is returned from the row itself, as nothing else is sure to see it.
_TAKE = """
    WITH taken AS (
        INSERT INTO chat_turn AS turn (pair, process, number, at)
        SELECT key, %s, %s, clock_timestamp() FROM unnest(%s::bigint[]) AS key
        ON CONFLICT (pair) DO UPDATE SET
            process = excluded.process, number = excluded.number, at = clock_timestamp(),
            process_before = turn.process, number_before = turn.number, at_before = turn.at
        RETURNING pair, process, process_before, number_before, at - at_before AS since
    )
    SELECT pair, process_before, number_before FROM taken
    WHERE process_before <> process AND process_before <> '' AND since < %s::interval
"""
_HOLD = """
    INSERT INTO chat_turn (pair, process, number, at)
    SELECT key, '', 0, clock_timestamp() FROM unnest(%s::bigint[]) AS key
    ON CONFLICT (pair) DO UPDATE SET pair = excluded.pair
"""
_FORGET = """
    DELETE FROM chat_turn WHERE pair IN
    (SELECT pair FROM chat_turn WHERE at < clock_timestamp() - %s::interval FOR UPDATE SKIP LOCKED)
"""


def pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


@contextmanager
def exclusive(pairs: Iterable[Pair], turn: Turn = SILENT) -> Iterator[dict[Pair, Turn]]:
    """A transaction in which nobody else writes to these pairs; gives the turns before this one.

    They are those of other processes, of the last moment, by the pairs to which they wrote: sockets may not have heard
    yet what came of them (`chat.turns`). With SQLite there are none.

    Ids are given out while the pairs are held, so that within a pair they grow in the order of the commits. SQLite has
    one writer anyway. In PostgreSQL each pair is a row of an unlogged table.
    """
    with transaction.atomic():
        yield _hold(pairs, turn) if connection.vendor == "postgresql" else {}


def forget_turns() -> None:
    """Remove what nobody asks about any more."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, [str(FORGOTTEN)])


def _hold(pairs: Iterable[Pair], turn: Turn) -> dict[Pair, Turn]:
    by_key = {low << 32 ^ high: (low, high) for low, high in pairs}
    keys = sorted(by_key)
    with connection.cursor() as cursor:
        if turn is SILENT:
            cursor.execute(_HOLD, [keys])
            return {}
        cursor.execute(_TAKE, [turn.process, turn.number, keys, str(RECENT)])
        return {by_key[key]: Turn(process, number) for key, process, number in cursor.fetchall()}
