"""Guests: visitors of a site who write to one shop. An account is made for them with their first message."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import tokens
from accounts.directory import AccountRef
from accounts.lifecycle import rights_withdrawn
from accounts.models import Account
from accounts.provisioning import UNUSABLE
from accounts.refusals import Reason, Refusal
from chat.events import GuestMoved
from chat.models import Conversation, Guest
from robots.models import Shop

PREFIX = "guest-"
"""What the names of guests begin with; others may have such a name, too."""
SILENT = timedelta(days=1)
"""After so long a guest who has said nothing is no more."""
AT_ONCE = 200
WELCOME = {"shop__guests": True, "shop__enabled": True}
"""What holds of guests whose shop takes them now."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The page that a visitor looks at, and the product on it, in words of the page's own."""

    title: str = ""
    address: str = ""
    goods: dict[str, Any] | None = None


def shop_for_guests(*, appid: str, number: int) -> Shop:
    """The shop, with its account and its app, if guests may write to it; else `Refusal` with `unknown_shop`."""
    shops = Shop.objects.select_related("account", "app").filter(app__appid=appid, app__enabled=True, number=number)
    shop = None if "\0" in appid else shops.filter(enabled=True, guests=True).first()
    if shop is None:
        raise Refusal(Reason.UNKNOWN_SHOP)
    return shop


def welcome(shop: Shop, visit: Visit) -> Account:
    """A new guest of the shop, whom its people know by a number in the language of this thread."""
    with transaction.atomic():
        account = Account.objects.create(
            app=shop.app,
            name=f"{PREFIX}{secrets.token_hex(12)}",
            nickname=_("Guest %(number)s") % {"number": secrets.randbelow(9000) + 1000},
            password=UNUSABLE,
        )
        Guest.objects.create(account=account, shop=shop, used_at=timezone.now(), **_columns(visit))
    return account


def keep(guest: Account) -> str:
    """What the guest's browser shows to be the same guest again."""
    return tokens.keep(guest, tokens.GUEST_SALT)


def back(kept: str) -> Account:
    """The guest whose browser kept this. `Refusal` as of `tokens.account_of`.

    `unknown_shop` if its shop takes no guests any more.
    """
    account = tokens.kept(kept, tokens.GUEST_SALT)
    if not Guest.objects.filter(account=account, **WELCOME).exists():
        raise Refusal(Reason.UNKNOWN_SHOP)
    Guest.objects.filter(account=account).update(used_at=timezone.now())
    return account


def admit(account_id: int) -> None:
    """Raises `Refusal` with `unknown_shop` for a guest whose shop takes no guests any more; others pass."""
    if Guest.objects.filter(account=account_id).exclude(**WELCOME).exists():
        raise Refusal(Reason.UNKNOWN_SHOP)


def shop_saved(sender: object, instance: Shop, created: bool, using: str, **signal: Any) -> None:
    """Close the sockets of a shop's guests once it takes none (receiver of `post_save`)."""
    if not (created or (instance.guests and instance.enabled)):
        transaction.on_commit(lambda: _turn_away(instance.pk, using), using)


def looks_at(account: Account, visit: Visit) -> GuestMoved | None:
    """Note what page the guest looks at; None if the account is no guest."""
    guest = Guest.objects.select_related("shop__account").filter(account=account).first()
    if guest is None:
        return None
    Guest.objects.filter(pk=guest.pk).update(**_columns(visit))
    return GuestMoved(AccountRef.of(account), AccountRef.of(guest.shop.account))


def sweep(silent: timedelta = SILENT) -> int:
    """Remove guests who have said nothing for so long; returns how many. May run anywhere, at any time."""
    said = Conversation.objects.filter(owner=OuterRef("account"))
    waiting = Guest.objects.filter(~Exists(said), used_at__lt=timezone.now() - silent).order_by("used_at")
    count = 0
    for account_id in list(waiting.values_list("account", flat=True)[:AT_ONCE]):
        try:
            with transaction.atomic():
                Account.objects.get(pk=account_id).delete()
            count += 1
        except (ProtectedError, IntegrityError, Account.DoesNotExist):
            # A message came just now, an upload is swept before its guest, or another process was faster.
            continue
    return count


def _turn_away(shop_id: int, using: str) -> None:
    ids = list(Guest.objects.using(using).filter(shop=shop_id).values_list("account", flat=True))
    for first in range(0, len(ids), AT_ONCE):
        rights_withdrawn.send(Account, account_ids=ids[first : first + AT_ONCE])


def _columns(visit: Visit) -> dict[str, Any]:
    return {"title": visit.title, "address": visit.address, "goods": visit.goods}
