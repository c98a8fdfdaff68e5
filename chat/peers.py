"""Whom an account talks with: what people like to know before they answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from accounts import directory
from accounts.directory import AccountRef
from accounts.models import Account, Source
from accounts.refusals import Reason, Refusal
from chat.conversations import known_to
from chat.messages import between
from chat.models import Block, Conversation, Guest
from robots.models import Shop

LOOKED_AT = 200
"""Messages among which the newest product card is looked for."""


@dataclass(frozen=True, slots=True)
class Known:
    """An account as one who talks with it sees it. `source`, `goods` and `guest` are told to shops alone.

    Nothing is told of when it was here to those whom it has blocked.
    """

    account: Account
    last_seen: datetime | None
    talking_since: datetime | None
    source: Source | None
    goods: dict[str, Any] | None
    guest: Guest | None


def reach(owner: AccountRef, name: str) -> AccountRef:
    """The account of that name in the owner's app; `Refusal` with `unknown_account` if the two may not talk.

    Guests and their shops are alone with each other: nobody else reaches a guest, nor a guest anybody else.
    """
    found = directory.find(app_id=owner.app_id, name=name)
    guests = Guest.objects.filter(account__in=(owner.id, found.id)).values_list("account", "shop__account")
    for guest_id, shop_id in guests:
        if {guest_id, shop_id} != {owner.id, found.id}:
            raise Refusal(Reason.UNKNOWN_ACCOUNT)
    return found


def find(owner: Account, name: str) -> Known | None:
    """The one of that name with whom the owner has talked, or a shop of its app; None if it may not ask."""
    account = known_to(AccountRef.of(owner)).filter(name=name).select_related("last_seen").first()
    if account is None:
        return None
    hidden = Block.objects.filter(owner=account, blocked=owner).exists()
    seen = None if hidden else getattr(account, "last_seen", None)
    first = between(owner.pk, account.pk).order_by("id").values_list("created_at", flat=True).first()
    serves = Shop.objects.filter(account=owner, enabled=True).exists()
    return Known(
        account=account,
        last_seen=seen.at if seen else None,
        talking_since=first,
        source=Source(seen.source) if serves and seen and seen.source else None,
        goods=_goods(owner.pk, account.pk) if serves else None,
        guest=Guest.objects.filter(account=account, shop__account=owner).first() if serves else None,
    )


def _goods(owner_id: int, peer_id: int) -> dict[str, Any] | None:
    """`data` of the newest product card that the owner may still see."""
    view = Conversation.objects.filter(owner=owner_id, peer=peer_id).values_list("cleared_up_to", flat=True).first()
    newest = between(owner_id, peer_id).filter(id__gt=view or 0).order_by("-id").values_list("body", flat=True)
    for text in newest[:LOOKED_AT]:
        if "goods" in text:
            body = msgspec.json.decode(text)
            if body["type"] == "goods" and isinstance(body.get("data"), dict):
                data: dict[str, Any] = body["data"]
                return data
    return None
