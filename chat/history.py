"""Reading a conversation back, a page at a time, as one of its two sides may see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from accounts.models import Account
from chat.messages import between
from chat.models import Conversation


class Line(NamedTuple):
    """A message, whether its recipient has read it, and when its sender took it back."""

    id: int
    sender_id: int
    recipient_id: int
    body: str
    created_at: datetime
    recalled_at: datetime | None
    read: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Messages from the oldest to the newest; `has_more` tells if there are further ones in the direction read."""

    owner: Account
    peer: Account
    lines: list[Line]
    has_more: bool


def older(*, owner_id: int, peer_id: int, before: int | None, limit: int) -> Page:
    """The newest `limit` messages with ids below `before`, or the newest of all where it is None."""
    return _page(owner_id, peer_id, limit, Q(id__lt=before) if before is not None else Q(), newest_first=True)


def newer(*, owner_id: int, peer_id: int, after: int, limit: int) -> Page:
    """The oldest `limit` messages with ids above `after`."""
    return _page(owner_id, peer_id, limit, Q(id__gt=after), newest_first=False)


def _page(owner_id: int, peer_id: int, limit: int, wanted: Q, *, newest_first: bool) -> Page:
    accounts = Account.objects.only("name", "nickname", "avatar").in_bulk([owner_id, peer_id])
    sides = Conversation.objects.filter(Q(owner=owner_id, peer=peer_id) | Q(owner=peer_id, peer=owner_id))
    marks = {side: (read, cleared) for side, read, cleared in sides.values_list("owner", "read_up_to", "cleared_up_to")}
    nothing = (0, 0)
    cleared = marks.get(owner_id, nothing)[1]
    rows = between(owner_id, peer_id).filter(wanted, id__gt=cleared).order_by("-id" if newest_first else "id")
    found = list(rows.values_list("id", "sender", "recipient", "body", "created_at", "recalled_at")[: limit + 1])
    lines = [Line(*row, read=row[0] <= marks.get(row[2], nothing)[0]) for row in found[:limit]]
    if newest_first:
        lines.reverse()
    return Page(accounts[owner_id], accounts[peer_id], lines, len(found) > limit)
