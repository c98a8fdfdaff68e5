"""Finding messages by what they say."""

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from django.db.models import QuerySet

from chat import message_ids
from chat.models import Message
from chat.searching import index
from chat.searching.following import indexer
from chat.searching.pieces import of_account, plain, said, sought

AT_ONCE = 200
MOST_LOOKED_AT = 3000
"""Messages that one search looks at."""
MOST_NOT_ENTERED = 2000
"""Of the newest messages, which are not in the index yet, so many are looked at besides."""
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Found:
    """Messages from the newest on."""

    messages: list[Message]
    below: int | None
    """Where to go on; None if there is nothing older."""
    stopped: bool
    """Whether it goes on although fewer were found than asked for."""


class TooShortError(ValueError):
    """Fewer than two letters in a row."""


def find(
    rows: QuerySet[Message],
    wanted: str,
    *,
    whose: Collection[int] | None = None,
    above: int = 0,
    below: int | None,
    limit: int,
) -> Found:
    """Those of the rows that have each word of `wanted` somewhere, the newest `limit` of them between two ids.

    With `whose` only what these accounts said or were told is looked up, which `rows` may narrow further.
    Width and case make no difference, and a word may stand within another. Raises `TooShortError`.
    """
    words, pieces = _asked(wanted)
    if not pieces:
        raise TooShortError
    rows = rows.filter(pk__gt=above, recalled_at=None).order_by("-pk")
    return _found(_looked_up(rows, pieces, whose, LARGEST_ID if below is None else below), words, above, limit)


def find_between(
    rows: QuerySet[Message], both: tuple[int, int], wanted: str, *, below: int | None, limit: int
) -> Found:
    """As `find`, of what two accounts said to each other, which `rows` are; whatever is entered of it yet.

    Letters that have no pieces are looked for, too, in one message after the other.
    """
    words, pieces = _asked(wanted)
    rows = rows.filter(recalled_at=None).order_by("-pk")
    return _found(_of_two(rows, both, pieces, LARGEST_ID if below is None else below), words, 0, limit)


def _asked(wanted: str) -> tuple[list[str], set[str]]:
    """The words that are looked for, and the pieces that a text must have to have them."""
    words = plain(wanted).split()
    return words, {piece for word in words for piece in sought(word)}


Steps = Iterator[tuple[int, int, Iterable[Message]]]
"""What may have the words, in steps: the lowest id of each, how many ids it is, and those of the rows among them."""


def _found(steps: Steps, words: Sequence[str], above: int, limit: int) -> Found:
    found: list[Message] = []
    looked_at = 0
    for lowest, number, some in steps:
        for message in some:
            if _has(message.body, words):
                found.append(message)
                if len(found) == limit:
                    return Found(found, message.pk, False)
        looked_at += number
        if lowest <= above + 1:
            break
        if looked_at >= MOST_LOOKED_AT:
            return Found(found, lowest, True)
    return Found(found, None, False)


def not_entered() -> int:
    """About how many of the newest messages no search finds yet, since there are too many to be looked at besides."""
    waiting = max(message_ids.newest() - _entered(), 0)
    return waiting if waiting > MOST_NOT_ENTERED else 0


def _looked_up(rows: QuerySet[Message], pieces: Set[str], whose: Collection[int] | None, below: int) -> Steps:
    if whose is not None and not whose:
        return
    entered = _entered()
    newest = list(rows.filter(pk__gt=entered, pk__lt=below)[:MOST_NOT_ENTERED])
    if newest:
        yield newest[-1].pk, 0, newest
    whoever = frozenset(map(of_account, whose or ()))
    for ids in index.candidates(pieces, min(below, entered + 1), AT_ONCE, one_of=whoever):
        yield ids[-1], len(ids), rows.filter(pk__in=ids)


def _of_two(rows: QuerySet[Message], both: tuple[int, int], pieces: Set[str], below: int) -> Steps:
    # What has no pieces is not in the index, as if it had not been entered yet.
    entered = _entered() if pieces else 0
    while newest := list(rows.filter(pk__gt=entered, pk__lt=below)[:AT_ONCE]):
        below = newest[-1].pk
        yield below, len(newest), newest
    if pieces:
        for ids in index.candidates({*pieces, *map(of_account, both)}, min(below, entered + 1), AT_ONCE):
            yield ids[-1], len(ids), rows.filter(pk__in=ids)


def _entered() -> int:
    """Up to which id messages are in the index."""
    progress = indexer.progress()
    return progress.done_up_to if progress else 0


def _has(body: str, words: Sequence[str]) -> bool:
    text = plain(said(body))
    return all(word in text for word in words)
