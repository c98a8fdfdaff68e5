"""Writing down what endpoints are to be told, in the transaction of what happened.

Where no endpoint of an app wants an event, it costs a look into a dictionary.
"""

import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import connection
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from accounts.directory import AccountRef
from chat.database.bulk import Insert
from chat.database.pairs import pair
from chat.events import (
    AccountSeen,
    ConversationEntered,
    MessageRecalled,
    MessageSent,
    MessagesRead,
    QuestionUnanswered,
)
from chat.models import Message
from chat.webhooks.endpoints import wishes
from chat.webhooks.models import TEST, Delivery, Endpoint, Kind
from chat.webhooks.told import account_lane, conversation_lane

Told = MessageSent | MessageRecalled | ConversationEntered | MessagesRead | QuestionUnanswered | AccountSeen
"""Events that endpoints can hear of."""
TOLD = frozenset(Told.__args__)
Row = tuple[Kind | str, str, dict[str, Any]]
"""The kind of an event, its lane and its data."""

_DELIVERIES = Insert(
    "chat_delivery",
    {
        "endpoint_id": "bigint",
        "name": "text",
        "kind": "text",
        "lane": "text",
        "body": "text",
        "state": "int",
        "created_at": "timestamptz",
        "due_at": "timestamptz",
        "attempts": "int",
        "error": "text",
    },
)


def record(outcomes: Iterable[Any]) -> bool:
    """Write down what of these outcomes endpoints want to hear; whether there is any. Within their transaction."""
    wanted = wishes()
    if not wanted:
        return False
    now = timezone.now()
    rows = [
        row
        for outcome in outcomes
        for event in (outcome if type(outcome) is list else (outcome,))
        if type(event) in TOLD and (kinds := wanted.get(_app(event)))
        for kind, lane, data in _rows(event, kinds)
        for row in _deliveries(kinds[kind], kind, lane, data, now)
    ]
    _DELIVERIES.run(rows)
    return bool(rows)


def test(endpoint: Endpoint) -> None:
    """Have the endpoint told something that means nothing."""
    data = {"app": endpoint.app.appid}
    _try_at_once(endpoint.pk)
    _DELIVERIES.run(_deliveries((endpoint.pk,), TEST, "test", data, timezone.now()))


def again(delivery: Delivery) -> bool:
    """Have it delivered once more, under the same id; False if it waits anyway."""
    finished = Delivery.objects.filter(pk=delivery.pk, state__gt=Delivery.State.WAITING)
    if not finished.update(state=Delivery.State.WAITING, attempts=0, error="", due_at=timezone.now()):
        return False
    _try_at_once(delivery.endpoint_id)
    return True


def _try_at_once(endpoint_id: int) -> None:
    """Somebody wants to see whether it hears: that it has failed is no reason to leave it in peace any longer."""
    Endpoint.objects.filter(pk=endpoint_id).update(paused_until=None)


def _deliveries(
    endpoint_ids: Iterable[int], kind: str, lane: str, data: dict[str, Any], now: datetime
) -> list[tuple[Any, ...]]:
    name = f"msg_{secrets.token_hex(16)}"
    body = msgspec.json.encode({"type": kind, "timestamp": _iso(now), "data": data}).decode()
    at = connection.ops.adapt_datetimefield_value(now)
    return [(number, name, str(kind), lane, body, 0, at, at, 0, "") for number in endpoint_ids]


def _app(event: Told) -> int:
    match event:
        case MessageSent(sender=account) | MessageRecalled(sender=account) | QuestionUnanswered(asker=account):
            return account.app_id
        case ConversationEntered(owner=account) | MessagesRead(owner=account) | AccountSeen(account=account):
            return account.app_id


def _rows(event: Told, wanted: Any) -> Iterator[Row]:
    """What is told of the event, of kinds that are wanted alone."""
    for kind, lane, data in _all_rows(event, Kind.CONVERSATION_STARTED in wanted):
        if kind in wanted:
            yield kind, lane, data


def _all_rows(event: Told, started_wanted: bool) -> Iterator[Row]:
    match event:
        case MessageSent(sender=sender, recipient=recipient):
            sides = {"from_account": sender.name, "to_account": recipient.name}
            if started_wanted and _first(event):
                yield Kind.CONVERSATION_STARTED, _lane(sender, recipient), sides
            yield (
                Kind.MESSAGE_SENT,
                _lane(sender, recipient),
                {
                    "message_id": event.message_id,
                    **sides,
                    "message": msgspec.Raw(event.body.encode()),
                    "client_id": event.client_id,
                    "created_at": _iso(event.created_at),
                    "is_read": event.read,
                    "robot": event.robot is not None,
                },
            )
        case MessageRecalled(sender=sender, recipient=recipient):
            data = {"message_id": event.message_id, "from_account": sender.name, "to_account": recipient.name}
            yield Kind.MESSAGE_RECALLED, _lane(sender, recipient), data
        case ConversationEntered(owner=owner, peer=peer) | MessagesRead(owner=owner, peer=peer):
            data = {"account": owner.name, "chat_account": peer.name}
            yield Kind.CONVERSATION_READ, _lane(owner, peer), data
        case QuestionUnanswered(asker=asker, shop_account=shop):
            data = {"account": asker.name, "shop_account": shop.name, "question": event.text}
            yield Kind.QUESTION_UNANSWERED, _lane(asker, shop), data
        case AccountSeen(account=account):
            kind = Kind.ACCOUNT_ONLINE if event.online else Kind.ACCOUNT_OFFLINE
            yield kind, account_lane(account.id), {"account": account.name, "at": _iso(event.at)}


def _first(event: MessageSent) -> bool:
    """Whether nothing was said between the two before."""
    low, high = pair(event.sender.id, event.recipient.id)
    between = Message.objects.annotate(low=Least("sender", "recipient"), high=Greatest("sender", "recipient"))
    return not between.filter(low=low, high=high, id__lt=event.message_id).exists()


def _lane(one: AccountRef, other: AccountRef) -> str:
    return conversation_lane(one.id, other.id)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
