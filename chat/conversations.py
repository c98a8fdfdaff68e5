"""Each side's view of a conversation: its place in the list, what is unread, pinned or hidden.

The functions that write run within the caller's `chat.database.pairs.exclusive` transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from accounts.directory import AccountRef
from accounts.models import Account
from accounts.refusals import Reason, Refusal
from chat.database.bulk import Insert
from chat.drafts import Draft
from chat.events import (
    ConversationCleared,
    ConversationEntered,
    ConversationPinned,
    MessagesRead,
    UnreadRecounted,
)
from chat.models import Conversation
from robots.models import Shop

Sides = tuple[int, int]
"""The ids of the owner of a row and of the peer."""


@dataclass(slots=True)
class _View:
    """What a batch of messages changes in one conversation row."""

    last_id: int = 0
    preview: str = ""
    unread: int = 0
    read_up_to: int = 0


_COLUMNS = {
    "owner_id": "bigint",
    "peer_id": "bigint",
    "unread": "int",
    "read_up_to": "bigint",
    "cleared_up_to": "bigint",
    "listed": "boolean",
    "pinned": "boolean",
    "last_message_id": "bigint",
    "last_message_at": "timestamptz",
    "preview": "text",
}
_INSERT_OR_CHANGE = Insert(
    "chat_conversation",
    _COLUMNS,
    """
    ON CONFLICT (owner_id, peer_id) DO UPDATE SET
        unread = CASE WHEN excluded.read_up_to > 0 THEN 0 ELSE chat_conversation.unread + excluded.unread END,
        read_up_to = CASE WHEN excluded.read_up_to > 0 THEN excluded.read_up_to ELSE chat_conversation.read_up_to END,
        listed = true,
        last_message_id = excluded.last_message_id,
        last_message_at = excluded.last_message_at,
        preview = excluded.preview
    """,
)
# SQLite changes a row that is there in half the time that it takes to find out that it can't be inserted.
_CHANGE = """
    UPDATE chat_conversation SET
        unread = CASE WHEN %s THEN 0 ELSE unread + %s END,
        read_up_to = MAX(read_up_to, %s),
        listed = true,
        last_message_id = %s,
        last_message_at = %s,
        preview = %s
    WHERE owner_id = %s AND peer_id = %s
"""
_INSERT = Insert("chat_conversation", _COLUMNS, "ON CONFLICT (owner_id, peer_id) DO NOTHING")


def record(batch: Sequence[Draft], ids: Sequence[int], now: datetime) -> None:
    """Bring both sides' rows up to date with messages that were just stored under these ids."""
    views: dict[Sides, _View] = {}
    for message, message_id in zip(batch, ids, strict=True):
        sender, recipient = message.sender.id, message.recipient.id
        for owner, peer in ((sender, recipient), (recipient, sender)):
            view = views.setdefault((owner, peer), _View())
            view.last_id, view.preview = message_id, message.preview
        if message.viewed:
            view.read_up_to, view.unread = message_id, 0
        else:
            view.unread += 1
    at = connection.ops.adapt_datetimefield_value(now)
    if connection.vendor == "sqlite" and _change(views, at) == len(views):
        return
    insert = _INSERT if connection.vendor == "sqlite" else _INSERT_OR_CHANGE
    insert.run(
        [
            (*sides, view.unread, view.read_up_to, 0, True, False, view.last_id, at, view.preview)
            for sides, view in sorted(views.items())
        ]
    )


def _change(views: dict[Sides, _View], at: Any) -> int:
    """Change those rows that are there already; how many that were."""
    with connection.cursor() as cursor:
        cursor.executemany(
            _CHANGE,
            [
                (view.read_up_to > 0, view.unread, view.read_up_to, view.last_id, at, view.preview, *sides)
                for sides, view in views.items()
            ],
        )
        return int(cursor.rowcount)


def total_unread(owner_id: int) -> int:
    """Unread messages in all of the owner's conversations."""
    unread = Conversation.objects.filter(owner_id=owner_id, unread__gt=0).aggregate(total=Sum("unread"))["total"]
    return unread or 0


def recount(*, owner: AccountRef) -> UnreadRecounted:
    """The owner's total as it stands now."""
    return UnreadRecounted(owner, total_unread(owner.id))


def read_up_to(*, owner_id: int, peer_id: int) -> int:
    """The id up to which the owner has read what the peer sent; 0 for nothing."""
    row = Conversation.objects.filter(owner_id=owner_id, peer_id=peer_id).values_list("read_up_to", flat=True).first()
    return row or 0


def enter(*, owner: AccountRef, peer: AccountRef) -> ConversationEntered:
    """Everything that the peer sent the owner is now read."""
    unread = Conversation.objects.filter(owner_id=owner.id, peer_id=peer.id, read_up_to__lt=F("last_message_id"))
    unread.update(unread=0, read_up_to=F("last_message_id"))
    return ConversationEntered(owner, peer, total_unread(owner.id))


def read_on_arrival(*, owner: AccountRef, peer: AccountRef, say_again: bool) -> MessagesRead | None:
    """As `enter`, for messages that reached the owner in the room.

    None if they were read already, unless it is to be said again: a later message that another process stored as read
    has taken them along, and nothing was said of that.
    """
    row = _view(owner, peer)
    if row is None or not (row.unread or say_again):
        return None
    if row.read_up_to < row.last_message_id:
        _read_all(row)
    return MessagesRead(owner, peer, row.read_up_to, total_unread(owner.id))


def clear(*, owner: AccountRef, peer: AccountRef) -> ConversationCleared:
    """Hide the conversation and its messages so far from the owner, for good; the peer keeps everything."""
    row = _view(owner, peer)
    if row is not None:
        row.cleared_up_to, row.unread, row.pinned, row.listed = row.last_message_id, 0, False, False
        row.save(update_fields=["cleared_up_to", "unread", "pinned", "listed"])
    return ConversationCleared(owner, peer, total_unread(owner.id))


def pin(*, owner: AccountRef, peer: AccountRef, pinned: bool) -> ConversationPinned:
    """Pin a listed conversation or take its pin off; `Refusal` with `unknown_conversation` if it is not listed."""
    changed = Conversation.objects.filter(owner_id=owner.id, peer_id=peer.id, listed=True).update(pinned=pinned)
    if not changed:
        raise Refusal(Reason.UNKNOWN_CONVERSATION)
    return ConversationPinned(owner, peer, pinned)


class Listed(NamedTuple):
    """A conversation as its owner's list shows it; the first four are the peer's."""

    name: str
    nickname: str
    avatar: str
    kind: int
    unread: int
    pinned: bool
    preview: str
    last_message_at: datetime
    last_message_id: int


def page(*, owner_id: int, page: int, limit: int) -> list[Listed]:
    """One page of the owner's list: pinned first, then newest first. `page` counts from 1."""
    first = (page - 1) * limit
    order = ("-pinned", "-last_message_id")
    # What a late page passes over is read from the index alone.
    wanted = Conversation.objects.filter(owner=owner_id, listed=True).order_by(*order)[first : first + limit]
    shown = (
        Conversation.objects.filter(pk__in=wanted.values("pk"))
        .order_by(*order)
        .values_list(
            "peer__name",
            "peer__nickname",
            "peer__avatar",
            "peer__kind",
            "unread",
            "pinned",
            "preview",
            "last_message_at",
            "last_message_id",
        )
    )
    return [Listed(*row) for row in shown]


def _view(owner: AccountRef, peer: AccountRef) -> Conversation | None:
    return Conversation.objects.filter(owner_id=owner.id, peer_id=peer.id).first()


def _read_all(row: Conversation) -> None:
    row.unread, row.read_up_to = 0, row.last_message_id
    row.save(update_fields=["unread", "read_up_to"])


def known_to(owner: AccountRef) -> QuerySet[Account]:
    """About whom the owner may ask: whom it has ever talked with, and the app's shops."""
    talked = Exists(Conversation.objects.filter(owner=owner.id, peer=OuterRef("pk")))
    shop = Exists(Shop.objects.filter(account=OuterRef("pk"), enabled=True))
    return Account.objects.filter(Q(talked) | Q(shop), app=owner.app_id, kind=Account.Kind.PERSON)
