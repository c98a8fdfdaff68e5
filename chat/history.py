"""Reading a conversation back, a page at a time, as one of its two sides may see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from accounts.models import Account
from chat.messages import between
from chat.models import Conversation, Remark

COLUMNS = ("id", "sender", "recipient", "body", "created_at", "recalled_at", "robot")
NOTHING = (0, 0)
"""Nothing was read, and nothing hidden."""


class Line(NamedTuple):
    """A message, whether its recipient has read it, when its sender took it back, and whether a robot said it."""

    id: int
    sender_id: int
    recipient_id: int
    body: str
    created_at: datetime
    recalled_at: datetime | None
    robot: Remark | None
    read: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Messages from the oldest to the newest; `has_more` tells if there are further ones in the direction read."""

    owner: Account
    peer: Account
    lines: list[Line]
    has_more: bool


def older(*, owner_id: int, peer_id: int, before: int | None, limit: int, hidden: bool = False) -> Page:
    """The newest `limit` messages with ids below `before`, or the newest of all where it is None.

    With `hidden` also those that the owner has deleted from their own list.
    """
    wanted = Q(id__lt=before) if before is not None else Q()
    return _page(owner_id, peer_id, limit, wanted, newest_first=True, hidden=hidden)


def newer(*, owner_id: int, peer_id: int, after: int, limit: int, hidden: bool = False) -> Page:
    """The oldest `limit` messages with ids above `after`; `hidden` as above."""
    return _page(owner_id, peer_id, limit, Q(id__gt=after), newest_first=False, hidden=hidden)


def whole(
    one_id: int,
    other_id: int,
    *,
    after: int,
    limit: int,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Line]:
    """The oldest `limit` messages with ids above `after` that two accounts sent each other, whoever has hidden them.

    With a period only those of `since` or later, and of before `until`.
    """
    rows = between(one_id, other_id).filter(id__gt=after).order_by("id")
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    if until is not None:
        rows = rows.filter(created_at__lt=until)
    marks = _marks(one_id, other_id)
    found = rows.values_list(*COLUMNS)[:limit]
    return [Line._make((*row, row[0] <= marks.get(row[2], NOTHING)[0])) for row in found]


def _marks(one_id: int, other_id: int) -> dict[int, tuple[int, int]]:
    """How far each of the two has read, and what each has hidden."""
    sides = Conversation.objects.filter(Q(owner=one_id, peer=other_id) | Q(owner=other_id, peer=one_id))
    return {side: (read, cleared) for side, read, cleared in sides.values_list("owner", "read_up_to", "cleared_up_to")}


def _page(owner_id: int, peer_id: int, limit: int, wanted: Q, *, newest_first: bool, hidden: bool = False) -> Page:
    accounts = Account.objects.only("name", "nickname", "avatar").in_bulk([owner_id, peer_id])
    marks = _marks(owner_id, peer_id)
    cleared = 0 if hidden else marks.get(owner_id, NOTHING)[1]
    rows = between(owner_id, peer_id).filter(wanted, id__gt=cleared).order_by("-id" if newest_first else "id")
    found = list(rows.values_list(*COLUMNS)[: limit + 1])
    lines = [Line._make((*row, row[0] <= marks.get(row[2], NOTHING)[0])) for row in found[:limit]]
    if newest_first:
        lines.reverse()
    return Page(accounts[owner_id], accounts[peer_id], lines, len(found) > limit)
