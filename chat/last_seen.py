"""When accounts were last online, and who may know."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef

from accounts import lifecycle
from accounts.directory import AccountRef
from accounts.models import Account, Source
from chat.conversations import known_to
from chat.database.bulk import Insert
from chat.events import AccountSeen
from chat.models import Block
from chat.webhooks import endpoints

_SEEN = Insert(
    "chat_lastseen",
    {"account_id": "bigint", "at": "timestamptz", "source": "smallint"},
    "ON CONFLICT (account_id) DO UPDATE SET at = excluded.at, source = COALESCE(excluded.source, chat_lastseen.source)",
)

TOGETHER = (0, 0)
"""The pair that is held while times are written: two processes never write them at once, and no account is erased."""


class Seen(NamedTuple):
    """Whether an account came or went, when, and what it uses if that is known."""

    online: bool
    at: datetime
    source: Source | None


def record(seen: Mapping[int, Seen]) -> list[AccountSeen]:
    """Note of these accounts whether they came or went, and when; tells of it if anybody wants to hear.

    Of those that are erased, whose sockets only just closed, nothing is noted. Call it with `TOGETHER` held.
    """
    adapt = connection.ops.adapt_datetimefield_value
    accounts = Account.objects.filter(pk__in=list(seen)).only("id", "app_id", "name", "kind").order_by("id")
    known = [(account, *seen[account.pk]) for account in accounts if not lifecycle.is_erased(account)]
    _SEEN.run([(account.pk, adapt(at), source) for account, _, at, source in known])
    if not endpoints.wishes():
        return []
    return [AccountSeen(AccountRef.of(account), online, at) for account, online, at, _ in known]


class Acquaintance(NamedTuple):
    """An account, and when it was last seen if it ever was."""

    account: AccountRef
    last_seen: datetime | None


def shown_to(owner: AccountRef, names: Sequence[str]) -> list[Acquaintance]:
    """Those of these names about whom the owner may ask: whom it has talked with, and the app's shops.

    In the order of the names; others are left out, whether they exist or not, and so is who has blocked the owner.
    """
    blocks = Exists(Block.objects.filter(owner=OuterRef("pk"), blocked=owner.id))
    found = (
        known_to(owner)
        .filter(~blocks, name__in=names)
        .only("id", "app_id", "name", "kind", "last_seen__at")
        .select_related("last_seen")
    )
    by_name = {account.name: account for account in found}
    return [
        Acquaintance(AccountRef.of(account), account.last_seen.at if hasattr(account, "last_seen") else None)
        for account in (by_name[name] for name in names if name in by_name)
    ]
