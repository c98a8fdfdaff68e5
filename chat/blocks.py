"""Whom an account wants to hear nothing from.

The functions that write run within the caller's `chat.database.pairs.exclusive` transaction.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec
from django.db import connection

from accounts.directory import AccountRef
from accounts.models import Account
from accounts.refusals import Reason, Refusal
from chat.drafts import Draft
from chat.events import PeerBlocked
from chat.models import Block

MOST = 5000
"""Accounts that one account can have blocked at a time."""


def block(*, owner: AccountRef, peer: AccountRef) -> PeerBlocked:
    """Nothing that the peer sends reaches the owner any more. Harmless if it is so already.

    `Refusal`: `notification_account`, which can't be blocked, or `too_many_blocked`.
    """
    if peer.kind == Account.Kind.NOTIFICATION:
        raise Refusal(Reason.NOTIFICATION_ACCOUNT)
    mine = Block.objects.filter(owner_id=owner.id)
    if not mine.filter(blocked_id=peer.id).exists():
        if mine.count() >= MOST:
            raise Refusal(Reason.TOO_MANY_BLOCKED)
        Block.objects.create(owner_id=owner.id, blocked_id=peer.id)
    return PeerBlocked(owner, peer, True)


def unblock(*, owner: AccountRef, peer: AccountRef) -> PeerBlocked:
    """What the peer sends reaches the owner again. Harmless if it does already."""
    Block.objects.filter(owner_id=owner.id, blocked_id=peer.id).delete()
    return PeerBlocked(owner, peer, False)


def as_it_is(*, owner: AccountRef, peer: AccountRef) -> PeerBlocked:
    """Whether the owner has blocked the peer now, whoever did it."""
    return PeerBlocked(owner, peer, Block.objects.filter(owner_id=owner.id, blocked_id=peer.id).exists())


class Listed(NamedTuple):
    """A blocked account, and since when it is."""

    name: str
    nickname: str
    avatar: str
    since: datetime


def page(*, owner_id: int, page: int, limit: int) -> list[Listed]:
    """One page of those whom the owner has blocked, the last one first. `page` counts from 1."""
    first = (page - 1) * limit
    columns = ("blocked__name", "blocked__nickname", "blocked__avatar", "created_at")
    rows = Block.objects.filter(owner_id=owner_id).order_by("-id").values_list(*columns)[first : first + limit]
    return [Listed(*row) for row in rows]


def unwanted(drafts: Iterable[Draft]) -> set[tuple[int, int]]:
    """The sender and recipient ids of those drafts whose recipient has blocked their sender."""
    pairs = sorted({(draft.sender.id, draft.recipient.id) for draft in drafts})
    with connection.cursor() as cursor:
        # One look into the unique index for each pair; two lists of ids would be looked up crosswise.
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT blocked_id, owner_id FROM unnest(%s::bigint[], %s::bigint[]) AS pair (sender, recipient)"
                " JOIN chat_block ON owner_id = recipient AND blocked_id = sender",
                [[sender for sender, _ in pairs], [recipient for _, recipient in pairs]],
            )
        else:
            cursor.execute(
                "SELECT blocked_id, owner_id FROM json_each(%s) AS pair CROSS JOIN chat_block"
                " ON owner_id = json_extract(pair.value, '$[1]') AND blocked_id = json_extract(pair.value, '$[0]')",
                [msgspec.json.encode(pairs).decode()],
            )
        return {(sender, recipient) for sender, recipient in cursor.fetchall()}


def apart(one_id: int, other_id: int) -> bool:
    """Whether either of the two has blocked the other."""
    return Block.objects.filter(owner__in=(one_id, other_id), blocked__in=(one_id, other_id)).exists()


def by(owner_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Everybody whom these accounts have blocked: their ids, and the ids of the blocked ones."""
    return set(Block.objects.filter(owner__in=owner_ids).values_list("owner_id", "blocked_id"))


def check(*, account_id: int, peer_id: int) -> None:
    """Raise `Refusal` if they don't talk: `blocked` if the peer has blocked the account, else `blocked_by_you`."""
    rows = Block.objects.filter(owner__in=(account_id, peer_id), blocked__in=(account_id, peer_id))
    owners = set(rows.values_list("owner_id", flat=True))
    if owners:
        raise Refusal(Reason.BLOCKED if peer_id in owners else Reason.BLOCKED_BY_YOU)
