"""Entering messages into the index some seconds after they were stored, and taking out what nobody may find."""

from collections.abc import Iterable

from chat.afterwards.follower import Follower
from chat.afterwards.models import Progress
from chat.models import Message
from chat.searching import index
from chat.searching.index import Digests, digests
from chat.searching.pieces import of_account, pieces, plain, said

NAME = "search"


def forget(message_ids: Iterable[int]) -> None:
    """These were taken back, or are gone: called in the transaction of that, and after it was done to their rows."""
    # Whoever enters messages has moved this row before reading them: either waits for the other.
    list(Progress.objects.select_for_update().filter(name=NAME))
    index.remove(message_ids)


def _read(after: int, last: int) -> dict[int, Digests]:
    rows = Message.objects.filter(pk__gt=after, pk__lte=last, recalled_at=None).order_by("pk")
    found: dict[int, Digests] = {}
    for number, body, *accounts in rows.values_list("pk", "body", "sender", "recipient"):
        if has := pieces(plain(said(body))):
            found[number] = digests(number, has.union(map(of_account, accounts)))
    return found


def _enter(found: dict[int, Digests]) -> None:
    # Some may have been taken back or erased since they were read, and can't be from now on.
    there = set(Message.objects.filter(pk__in=list(found), recalled_at=None).values_list("pk", flat=True))
    index.add({number: some for number, some in found.items() if number in there})


indexer = Follower(NAME, 50, lambda: 0, _read, _enter)
