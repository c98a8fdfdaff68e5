"""Reading a conversation back, a page at a time, as one of its two sides may see it."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Account
from chat.messages import between
from chat.models import Conversation, Message


@dataclass(frozen=True, slots=True)
class Line:
    """A message, and whether its recipient has read it."""

    message: Message
    read: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Messages from the oldest to the newest; `has_more` tells if there are further ones in the direction read."""

    owner: Account
    peer: Account
    lines: tuple[Line, ...]
    has_more: bool


def older(*, owner_id: int, peer_id: int, before: int | None, limit: int) -> Page:
    """The newest `limit` messages with ids below `before`, or the newest of all where it is None."""
    return _page(owner_id, peer_id, limit, Q(id__lt=before) if before is not None else Q(), newest_first=True)


def newer(*, owner_id: int, peer_id: int, after: int, limit: int) -> Page:
    """The oldest `limit` messages with ids above `after`."""
    return _page(owner_id, peer_id, limit, Q(id__gt=after), newest_first=False)


def _page(owner_id: int, peer_id: int, limit: int, wanted: Q, *, newest_first: bool) -> Page:
    accounts = Account.objects.in_bulk([owner_id, peer_id])
    views = {
        row.owner_id: row
        for row in Conversation.objects.filter(
            Q(owner_id=owner_id, peer_id=peer_id) | Q(owner_id=peer_id, peer_id=owner_id)
        )
    }
    read_by = {view.owner_id: view.read_up_to for view in views.values()}
    cleared = views[owner_id].cleared_up_to if owner_id in views else 0
    rows = between(owner_id, peer_id).filter(wanted, id__gt=cleared).order_by("-id" if newest_first else "id")
    found = list(rows[: limit + 1])
    messages = found[:limit]
    if newest_first:
        messages.reverse()
    lines = tuple(Line(m, m.pk <= read_by.get(m.recipient_id, 0)) for m in messages)
    return Page(accounts[owner_id], accounts[peer_id], lines, len(found) > limit)
