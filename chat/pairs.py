"""One writer at a time for the talk between two accounts, in whichever process it runs."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

Pair = tuple[int, int]
"""The ids of two accounts, the lower one first."""


def pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


@contextmanager
def exclusive(pairs: Iterable[Pair]) -> Iterator[None]:
    """A transaction in which nobody else writes to these pairs.

    Ids are given out while the pairs are held, so that within a pair they grow in the order of the commits. SQLite has
    one writer anyway. In PostgreSQL advisory locks are taken in one fixed order, so that writers cannot deadlock.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            keys = sorted({low << 32 ^ high for low, high in pairs})
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])
        yield
