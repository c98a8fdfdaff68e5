"""What messages come to: the figures of their hours, and the first answers of the talks that they belong to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection

from accounts import lifecycle
from accounts.models import Account
from chat.database.bulk import Insert
from chat.figures.clock import day_of, hour_of
from chat.figures.models import OpenTalk
from chat.figures.spans import span_of
from chat.models import Remark
from robots.models import Shop

WAITING = timedelta(days=7)
"""After so long nobody waits for an answer any more: what is written then belongs to another talk."""
KINDS = {
    None: "people",
    Remark.ANSWER: "answers",
    Remark.MENU: "menus",
    Remark.FALLBACK: "fallbacks",
    Remark.HANDOVER: "handovers",
}
_OF_SHOPS = ("customers", *KINDS.values(), "talks", "answered")
_OF_OTHERS = ("customers", "notifications")


def _adding(table: str, keys: dict[str, str], columns: Sequence[str]) -> Insert:
    """Rows whose numbers are added to those that stand there."""
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in columns)
    return Insert(
        table,
        {**keys, **dict.fromkeys(columns, "int")},
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sums}",
    )


_SHOP_HOURS = _adding("chat_shophour", {"hour": "timestamptz", "shop_id": "bigint"}, _OF_SHOPS)
_OTHER_HOURS = _adding("chat_otherhour", {"hour": "timestamptz"}, _OF_OTHERS)
_FIRST_ANSWERS = _adding("chat_firstanswers", {"day": "date", "shop_id": "bigint", "span": "smallint"}, ["number"])
_OPEN_TALKS = Insert(
    "chat_opentalk",
    {
        "shop_id": "bigint",
        "customer_id": "bigint",
        "last_at": "timestamptz",
        "asked_at": "timestamptz",
        "answered": "boolean",
        "answered_by_person": "boolean",
    },
    """
    ON CONFLICT (shop_id, customer_id) DO UPDATE SET
        last_at = excluded.last_at, asked_at = excluded.asked_at,
        answered = excluded.answered, answered_by_person = excluded.answered_by_person
    """,
)


class Said(NamedTuple):
    """What is counted of a message."""

    id: int
    sender: int
    recipient: int
    robot: int | None
    at: datetime


def count(messages: Sequence[Said]) -> None:
    """Add these messages to what was counted before, in the order of their ids.

    In a transaction of the caller, who sees to it that nobody else counts meanwhile.
    """
    met = {account for said in messages for account in (said.sender, said.recipient)}
    shops = {shop.account_id: shop for shop in Shop.objects.filter(account__in=met).only("account", "quiet_minutes")}
    count = _Count(shops)
    count.know(Account.objects.filter(pk__in=met).only("name", "kind"))
    for said in messages:
        count.add(said)
    count.store()


class _Count:
    """What some messages add to the figures."""

    def __init__(self, shops: dict[int, Shop]) -> None:
        """`shops` by their accounts."""
        self._shops = shops
        self._notifiers: set[int] = set()
        self._erased: set[int] = set()
        self._of_shops: Counter[tuple[datetime, int, str]] = Counter()
        self._of_others: Counter[tuple[datetime, str]] = Counter()
        self._first_answers: Counter[tuple[date, int, int]] = Counter()
        self._talks: dict[tuple[int, int], OpenTalk] = {}

    def know(self, accounts: Iterable[Account]) -> None:
        """All who have written or were written to."""
        people = set()
        for account in accounts:
            if account.kind == Account.Kind.NOTIFICATION:
                self._notifiers.add(account.pk)
            elif lifecycle.is_erased(account):
                self._erased.add(account.pk)
            elif account.pk not in self._shops:
                people.add(account.pk)
        open_talks = OpenTalk.objects.filter(shop__in=[shop.pk for shop in self._shops.values()], customer__in=people)
        self._talks = {(talk.shop_id, talk.customer_id): talk for talk in open_talks}

    def add(self, said: Said) -> None:
        hour = hour_of(said.at)
        from_shop, to_shop = self._shops.get(said.sender), self._shops.get(said.recipient)
        if said.sender in self._notifiers:
            self._of_others[hour, "notifications"] += 1
        elif from_shop is not None:
            kind = KINDS[None if said.robot is None else Remark(said.robot)]
            self._of_shops[hour, from_shop.pk, kind] += 1
            if to_shop is None:
                self._answered(self._talk(from_shop, said.recipient, said.at), said)
        elif to_shop is not None:
            self._of_shops[hour, to_shop.pk, "customers"] += 1
            self._asked(self._talk(to_shop, said.sender, said.at), said)
        else:
            self._of_others[hour, "customers"] += 1

    def _talk(self, shop: Shop, customer: int, at: datetime) -> OpenTalk:
        """The talk of a message that was written then. One in which the customer waits is not over with being quiet."""
        key = (shop.pk, customer)
        talk = self._talks.get(key)
        if talk is not None:
            waits = talk.asked_at is not None and not talk.answered
            quiet = WAITING if waits else timedelta(minutes=shop.quiet_minutes)
            if at - talk.last_at >= quiet:
                talk = None
        if talk is None:
            talk = OpenTalk(shop=shop, customer_id=customer, answered=False, answered_by_person=False, last_at=at)
        talk.last_at = max(talk.last_at, at)
        self._talks[key] = talk
        return talk

    def _asked(self, talk: OpenTalk, said: Said) -> None:
        if talk.asked_at is None:
            talk.asked_at = said.at
            self._of_shops[hour_of(said.at), talk.shop_id, "talks"] += 1

    def _answered(self, talk: OpenTalk, said: Said) -> None:
        if talk.asked_at is None or said.robot not in (None, Remark.ANSWER):
            return
        if not talk.answered:
            talk.answered = True
            self._of_shops[hour_of(talk.asked_at), talk.shop_id, "answered"] += 1
        if said.robot is None and not talk.answered_by_person:
            talk.answered_by_person = True
            took = said.at - talk.asked_at
            self._first_answers[day_of(talk.asked_at), talk.shop_id, span_of(took.total_seconds())] += 1

    def store(self) -> None:
        instant, day = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
        hours = sorted({(hour, shop) for hour, shop, _ in self._of_shops})
        _SHOP_HOURS.run(
            [(instant(h), shop, *(self._of_shops[h, shop, name] for name in _OF_SHOPS)) for h, shop in hours]
        )
        others = sorted({hour for hour, _ in self._of_others})
        _OTHER_HOURS.run([(instant(h), *(self._of_others[h, name] for name in _OF_OTHERS)) for h in others])
        _FIRST_ANSWERS.run([(day(d), shop, span, n) for (d, shop, span), n in sorted(self._first_answers.items())])
        _OPEN_TALKS.run(
            [
                (shop, who, instant(t.last_at), t.asked_at and instant(t.asked_at), t.answered, t.answered_by_person)
                for (shop, who), t in sorted(self._talks.items())
                if who not in self._erased
            ]
        )
