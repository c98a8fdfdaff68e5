"""Storing messages, many at once, and reading them back."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from accounts import directory
from accounts.refusals import Reason, Refusal
from chat import blocks, conversations
from chat.database.bulk import Insert
from chat.database.pairs import pair
from chat.drafts import Draft
from chat.events import MessageSent, SendRepeated
from chat.models import Message
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
_NAMED_BEFORE = {
    "sqlite": """
        SELECT message.id FROM json_each(%s) AS named CROSS JOIN chat_message AS message
        ON message.sender_id = json_extract(named.value, '$[0]')
        AND message.client_id = json_extract(named.value, '$[1]')
    """,
    "postgresql": """
        SELECT message.id FROM json_array_elements(%s::json) AS named JOIN chat_message AS message
        ON message.sender_id = (named ->> 0)::bigint AND message.client_id = named ->> 1
    """,
}
Stored = MessageSent | SendRepeated | Refusal
_Key = tuple[int, str]
"""A sender's id, and what it calls its message."""


def store(batch: Sequence[Draft], at: datetime | None = None) -> list[Stored]:
    """Store the batch within the caller's `exclusive` transaction over its pairs; one outcome each, in order.

    All of it is dated `at`, which is now unless a past is made up.

    The same `client_id` of a sender is stored once: a repetition gives `SendRepeated`, or a `Refusal` with
    `client_id_conflict` if recipient or body differ. What a recipient does not want is refused with `blocked`, and what
    is said to or by somebody who was erased meanwhile with `unknown_account` or `account_disabled`.
    """
    named = [message for message in batch if message.client_id is not None]
    before = _by_client_id(named) if named else {}
    first_of: dict[_Key, Draft] = {}
    fresh = [
        message
        for message in batch
        if message.client_id is None
        or ((key := _key(message)) not in before and first_of.setdefault(key, message) is message)
    ]
    now = at or timezone.now()
    ids, may_be_unwanted, may_be_gone = _next_ids(fresh)
    outcomes: dict[int, Stored] = {}
    if may_be_unwanted or may_be_gone:
        outcomes = _refused(fresh, may_be_gone=may_be_gone)
        fresh = [message for message in fresh if id(message) not in outcomes]
    sent = _insert(fresh, ids[: len(fresh)], now)
    outcomes.update((id(message), event) for message, event in zip(fresh, sent, strict=True))
    conversations.record(fresh, [event.message_id for event in sent], now)
    count_named(message.body for message in fresh)
    for message in named:
        if id(message) not in outcomes:
            first = before.get(key := _key(message)) or outcomes[id(first_of[key])]
            outcomes[id(message)] = _repeated(message, first)
    return [outcomes[id(message)] for message in batch]


def between(one: int, other: int) -> QuerySet[Message]:
    """All messages between two accounts, whichever way they went; reads the index `message_pair`."""
    low, high = pair(one, other)
    return Message.objects.annotate(low=Least("sender", "recipient"), high=Greatest("sender", "recipient")).filter(
        low=low, high=high
    )


def _key(message: Draft) -> _Key:
    assert message.client_id is not None
    return message.sender.id, message.client_id


def _by_client_id(named: Iterable[Draft]) -> dict[_Key, Message]:
    """What their senders have stored under these ids before: next to always nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED_BEFORE[connection.vendor], [msgspec.json.encode([_key(m) for m in named]).decode()])
        ids = [number for (number,) in cursor.fetchall()]
    rows = Message.objects.filter(pk__in=ids) if ids else ()
    return {(row.sender_id, row.client_id): row for row in rows if row.client_id is not None}


def _repeated(message: Draft, first: Message | Stored) -> SendRepeated | Refusal:
    """What comes of a message whose `client_id` is that of the `first`."""
    assert message.client_id is not None
    match first:
        case Message(pk=message_id, recipient_id=recipient_id, body=body, created_at=created_at):
            # Nothing is left to compare where the sender took the message back.
            same = first.recalled_at is not None or _same_body(body, message.body)
        case MessageSent(message_id=message_id, recipient=recipient, body=body, created_at=created_at):
            recipient_id, same = recipient.id, _same_body(body, message.body)
        case Refusal(reason=reason):
            # The first of them in this batch.
            return Refusal(reason)
        case _:
            raise AssertionError("unreachable")
    if recipient_id != message.recipient.id or not same:
        return Refusal(Reason.CLIENT_ID_CONFLICT)
    return SendRepeated(
        message_id=message_id,
        sender=message.sender,
        recipient=message.recipient,
        client_id=message.client_id,
        created_at=created_at,
        read=conversations.read_up_to(owner_id=message.recipient.id, peer_id=message.sender.id) >= message_id,
    )


def _same_body(one: str, other: str) -> bool:
    return one == other or bool(msgspec.json.decode(one) == msgspec.json.decode(other))


def _refused(fresh: Sequence[Draft], *, may_be_gone: bool) -> dict[int, Stored]:
    """Those that may not be stored, by the `id` of their draft."""
    unwanted = blocks.unwanted(fresh)
    gone = directory.gone(ref for m in fresh for ref in (m.sender, m.recipient)) if may_be_gone else set()
    refused: dict[int, Stored] = {}
    for message in fresh:
        if message.sender.id in gone:
            refused[id(message)] = Refusal(Reason.ACCOUNT_DISABLED)
        elif message.recipient.id in gone:
            refused[id(message)] = Refusal(Reason.UNKNOWN_ACCOUNT)
        elif (message.sender.id, message.recipient.id) in unwanted:
            refused[id(message)] = Refusal(Reason.BLOCKED)
    return refused


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


def _next_ids(fresh: Sequence[Draft]) -> tuple[list[int], bool, bool]:
    """Ids for the messages, growing; taken while the pairs are held, never given twice.

    Also whether anybody has blocked anybody, and whether anybody of theirs is disabled, as who was erased is. That
    costs next to nothing here, and a statement of its own would not.
    """
    count, people = len(fresh), list({ref.id for message in fresh for ref in (message.sender, message.recipient)})
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval('chat_message_id_seq'), EXISTS (SELECT FROM chat_block),"
                " EXISTS (SELECT FROM accounts_account WHERE id = ANY(%s::bigint[]) AND NOT enabled)"
                " FROM generate_series(1, %s)",
                [people, count],
            )
            rows = cursor.fetchall()
            return sorted(row[0] for row in rows), any(row[1] for row in rows[:1]), any(row[2] for row in rows[:1])
        cursor.execute(
            "SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'chat_message'), EXISTS (SELECT 1 FROM chat_block),"
            " EXISTS (SELECT 1 FROM json_each(%s) AS one CROSS JOIN accounts_account AS account"
            " ON account.id = one.value WHERE NOT account.enabled)",
            [msgspec.json.encode(people).decode()],
        )
        last, may_be_unwanted, may_be_gone = cursor.fetchone()
        return list(range((last or 0) + 1, (last or 0) + count + 1)), bool(may_be_unwanted), bool(may_be_gone)
