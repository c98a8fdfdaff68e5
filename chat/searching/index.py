"""Which messages have which pieces: in FTS5 with SQLite, in a GIN index with PostgreSQL.

Both hold keyless digests in place of pieces, so that no tokenizer has a say. What they find has to be looked at: two
pieces may share a digest, and pieces need not stand side by side.
"""

from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping, Set
from hashlib import blake2b
from itertools import islice
from typing import Any

from django.db import connections, router

from chat.models import Message

BUCKET_BITS = 16
"""With PostgreSQL each 65,536 ids have digests of their own: a GIN index gives all that has a piece, in no order, and
so is asked for the newest ids first, for twice as many with each question."""
MOST_BUCKETS = 64
"""That are asked for at once."""


Digests = str | list[int]
"""Of the pieces of one message, as its database keeps them."""


def digests(message_id: int, pieces: Set[str]) -> Digests:
    """What is to be entered of a message that has these pieces."""
    return _numbers(pieces, message_id >> BUCKET_BITS) if _database().vendor == "postgresql" else _words(pieces)


def add(messages: Mapping[int, Digests]) -> None:
    """Enter messages, in the caller's transaction; in the place of what may be there."""
    with _database().cursor() as cursor:
        if _database().vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO chat_search (message_id, pieces) VALUES (%s, %s::integer[])"
                " ON CONFLICT (message_id) DO UPDATE SET pieces = excluded.pieces",
                [(number, found) for number, found in messages.items() if found],
            )
        else:
            cursor.executemany(
                "INSERT OR REPLACE INTO chat_search (rowid, pieces) VALUES (%s, %s)",
                [(number, found) for number, found in messages.items() if found],
            )


def remove(message_ids: Iterable[int]) -> None:
    """Forget messages, in the caller's transaction."""
    key = "message_id" if _database().vendor == "postgresql" else "rowid"
    with _database().cursor() as cursor:
        cursor.executemany(f"DELETE FROM chat_search WHERE {key} = %s", [(number,) for number in message_ids])  # noqa: S608


def candidates(pieces: Set[str], below: int, most: int, one_of: Set[str] = frozenset()) -> Iterator[list[int]]:
    """The ids below one whose messages have all of the pieces, from the newest on, at most so many at a time.

    They have one of some others besides, if there are any of these.
    """
    ask = _of_buckets if _database().vendor == "postgresql" else _of_all
    return ask(pieces, one_of, below, most)


def _of_all(pieces: Set[str], one_of: Set[str], below: int, most: int) -> Iterator[list[int]]:
    has = " AND ".join([*_words(pieces).split(), *([f"({' OR '.join(_words(one_of).split())})"] if one_of else [])])
    while found := _ids(
        "SELECT rowid FROM chat_search WHERE chat_search MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s",
        [has, below, most],
    ):
        yield found
        if len(found) < most:
            break
        below = found[-1]


def _of_buckets(pieces: Set[str], one_of: Set[str], below: int, most: int) -> Iterator[list[int]]:
    buckets, at_once = iter(range((below - 1) >> BUCKET_BITS, -1, -1)), 1
    while asked := list(islice(buckets, at_once)):
        at_once = min(2 * at_once, MOST_BUCKETS)
        each = "pieces @> %s::integer[]" + (" AND pieces && %s::integer[]" if one_of else "")
        has_all = " OR ".join([each] * len(asked))
        wanted = (pieces, one_of) if one_of else (pieces,)
        numbers = [_numbers(some, bucket) for bucket in asked for some in wanted]
        last = below
        while found := _ids(
            f"SELECT message_id FROM chat_search WHERE ({has_all}) AND message_id < %s"  # noqa: S608
            " ORDER BY message_id DESC LIMIT %s",
            [*numbers, last, most],
        ):
            yield found
            if len(found) < most:
                break
            last = found[-1]


def _ids(statement: str, given: list[Any]) -> list[int]:
    with _database().cursor() as cursor:
        cursor.execute(statement, given)
        return [number for (number,) in cursor.fetchall()]


def _database() -> Any:
    return connections[router.db_for_read(Message)]


def _words(pieces: Set[str]) -> str:
    digests = (blake2b(piece.encode(), digest_size=3).digest() for piece in sorted(pieces))
    return " ".join(b32encode(digest)[:5].decode().lower() for digest in digests)


def _numbers(pieces: Set[str], bucket: int) -> list[int]:
    salt = bucket.to_bytes(8, "big")
    digests = (blake2b(piece.encode(), digest_size=4, salt=salt).digest() for piece in pieces)
    return sorted(int.from_bytes(digest, "big", signed=True) for digest in digests)
