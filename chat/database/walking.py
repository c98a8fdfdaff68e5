"""Reading many rows one after another, for somebody who may take them slowly."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

CHUNK = 500


def each(rows: QuerySet[M]) -> Iterator[M]:
    """The rows in the order of their ids, a chunk at a time.

    In between nothing is left open: no cursor, for which a connection would have to be kept, and no old state of the
    database, which SQLite could not tidy up behind.
    """
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        # What is deleted as it is read has no id any more.
        last = some[-1].pk
        yield from some
