"""Storing messages, many at once, and reading them back."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from accounts.refusals import Reason, Refusal
from chat import blocks, conversations
from chat.bulk import Insert
from chat.drafts import Draft
from chat.events import MessageSent, SendRepeated
from chat.models import Message
from chat.pairs import pair
from chat.uploads.naming import count_named

_MESSAGES = Insert(
    "chat_message",
    {
        "id": "bigint",
        "sender_id": "bigint",
        "recipient_id": "bigint",
        "body": "text",
        "client_id": "text",
        "created_at": "timestamptz",
        "robot": "smallint",
    },
)
Stored = MessageSent | SendRepeated | Refusal


def store(batch: Sequence[Draft], at: datetime | None = None) -> list[Stored]:
    """Store the batch within the caller's `exclusive` transaction over its pairs; one outcome each, in order.

    All of it is dated `at`, which is now unless a past is made up.

    The same `client_id` of a sender is stored once: a repetition gives `SendRepeated`, or a `Refusal` with
    `client_id_conflict` if recipient or body differ. What a recipient does not want is refused with `blocked`.
    """
    named = [message for message in batch if message.client_id is not None]
    before = _by_client_id(named) if named else {}
    fresh: list[Draft] = []
    first_of: dict[tuple[int, str], Draft] = {}
    for message in batch:
        if message.client_id is None:
            fresh.append(message)
            continue
        key = (message.sender.id, message.client_id)
        if key not in before and key not in first_of:
            first_of[key] = message
            fresh.append(message)
    now = at or timezone.now()
    ids, may_be_unwanted = _next_ids(len(fresh))
    outcomes: dict[int, Stored] = {}
    if may_be_unwanted:
        unwanted = blocks.unwanted(fresh)
        outcomes = {id(m): Refusal(Reason.BLOCKED) for m in fresh if (m.sender.id, m.recipient.id) in unwanted}
        fresh = [message for message in fresh if id(message) not in outcomes]
    sent = _insert(fresh, ids[: len(fresh)], now)
    outcomes.update((id(message), event) for message, event in zip(fresh, sent, strict=True))
    conversations.record(fresh, [event.message_id for event in sent], now)
    count_named(message.body for message in fresh)
    for key, message in first_of.items():
        event = outcomes[id(message)]
        if isinstance(event, Refusal):
            continue
        before[key] = Message(
            id=event.message_id,
            sender_id=message.sender.id,
            recipient_id=message.recipient.id,
            body=message.body,
            created_at=now,
        )
    return [outcomes.get(id(message)) or _repeated(message, before) for message in batch]


def between(one: int, other: int) -> QuerySet[Message]:
    """All messages between two accounts, whichever way they went; reads the index `message_pair`."""
    low, high = pair(one, other)
    return Message.objects.annotate(low=Least("sender", "recipient"), high=Greatest("sender", "recipient")).filter(
        low=low, high=high
    )


def _by_client_id(named: Iterable[Draft]) -> dict[tuple[int, str], Message]:
    senders = {message.sender.id for message in named}
    client_ids = {message.client_id for message in named}
    rows = Message.objects.filter(sender__in=senders, client_id__in=client_ids)
    return {(row.sender_id, row.client_id): row for row in rows if row.client_id is not None}


def _repeated(message: Draft, before: dict[tuple[int, str], Message]) -> SendRepeated | Refusal:
    assert message.client_id is not None
    row = before.get((message.sender.id, message.client_id))
    if row is None:
        # The first of them in this batch was refused.
        return Refusal(Reason.BLOCKED)
    # Nothing is left to compare where the sender took the message back.
    same = row.recalled_at is not None or _same_body(row.body, message.body)
    if row.recipient_id != message.recipient.id or not same:
        return Refusal(Reason.CLIENT_ID_CONFLICT)
    return SendRepeated(
        message_id=row.pk,
        sender=message.sender,
        recipient=message.recipient,
        client_id=message.client_id,
        created_at=row.created_at,
        read=conversations.read_up_to(owner_id=message.recipient.id, peer_id=message.sender.id) >= row.pk,
    )


def _same_body(one: str, other: str) -> bool:
    return one == other or bool(msgspec.json.decode(one) == msgspec.json.decode(other))


def _insert(fresh: Sequence[Draft], ids: Sequence[int], now: datetime) -> list[MessageSent]:
    if not fresh:
        return []
    created_at = connection.ops.adapt_datetimefield_value(now)
    _MESSAGES.run(
        [
            (number, m.sender.id, m.recipient.id, m.body, m.client_id, created_at, m.robot)
            for number, m in zip(ids, fresh, strict=True)
        ]
    )
    return [
        MessageSent(number, m.sender, m.recipient, m.body, m.client_id, now, m.viewed, m.robot)
        for number, m in zip(ids, fresh, strict=True)
    ]


def _next_ids(count: int) -> tuple[list[int], bool]:
    """Ids for `count` messages, growing; taken while the pairs are held, never given twice.

    Also whether anybody has blocked anybody. That costs next to nothing here, and a statement of its own would not.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval('chat_message_id_seq'), EXISTS (SELECT FROM chat_block) FROM generate_series(1, %s)",
                [count],
            )
            rows = cursor.fetchall()
            return sorted(row[0] for row in rows), any(row[1] for row in rows[:1])
        cursor.execute(
            "SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'chat_message'), EXISTS (SELECT 1 FROM chat_block)"
        )
        last, may_be_unwanted = cursor.fetchone()
        return list(range((last or 0) + 1, (last or 0) + count + 1)), bool(may_be_unwanted)
