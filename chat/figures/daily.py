"""The figures of a day, read from what was counted: as many small rows as there are shops and hours."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Sum

from chat.figures import clock
from chat.figures.following import counter
from chat.figures.models import FirstAnswers, OtherHour, ShopHour
from chat.figures.spans import percentile

SHOPS = 50
"""Shops that are listed one by one: those to which customers wrote most."""
DAYS = 14
"""Days in a row whose shares are shown."""
_COLUMNS = ("customers", "people", "answers", "menus", "fallbacks", "handovers", "talks", "answered")
_OTHERS = ("customers", "notifications")


@dataclass
class Numbers:
    """What was written within some time to one or more shops and by them, and what came of it."""

    customers: int = 0
    people: int = 0
    answers: int = 0
    menus: int = 0
    fallbacks: int = 0
    handovers: int = 0
    talks: int = 0
    answered: int = 0
    others: int = 0
    """Messages of customers to each other, and notifications."""
    spans: Counter[int] = field(default_factory=Counter)
    """How many first answers took how long."""

    def add(self, row: Mapping[str, Any]) -> None:
        for name in _COLUMNS:
            setattr(self, name, getattr(self, name) + row[name])

    @property
    def robots(self) -> int:
        """Messages of robots."""
        return self.answers + self.menus + self.fallbacks + self.handovers

    @property
    def messages(self) -> int:
        return self.customers + self.people + self.robots + self.others

    @property
    def unanswered(self) -> int:
        """Talks in which a customer asked and neither a person has answered yet nor the robot."""
        return self.talks - self.answered

    @property
    def unanswered_share(self) -> float | None:
        return self.unanswered / self.talks if self.talks else None

    @property
    def hit_share(self) -> float | None:
        """How much of what robots replied answered the question; menus are neither a hit nor a miss."""
        replies = self.answers + self.fallbacks + self.handovers
        return self.answers / replies if replies else None

    @property
    def median(self) -> float | None:
        """Seconds from a customer's first question to a person's first answer, where there is one."""
        return percentile(self.spans, 0.5)

    @property
    def ninetieth(self) -> float | None:
        """Seconds within which nine of ten got their first answer."""
        return percentile(self.spans, 0.9)


@dataclass(frozen=True)
class ShopNumbers:
    """What a shop's row says."""

    shop_id: int
    name: str
    numbers: Numbers


@dataclass(frozen=True)
class Day:
    """What is known of a day and the one before."""

    date: date
    whole: Numbers
    before: Numbers
    hours: dict[datetime, Numbers]
    hours_before: list[Numbers]
    shops: list[ShopNumbers]
    """The first `SHOPS` of them."""
    counted_at: datetime | None
    """What was written until then is counted; None while there is some left to count."""


def figures(day: date, shops: Collection[int] | None = None) -> Day:
    """The figures of these shops, or of the whole server if it is None; a bounded number of queries."""
    before = day - timedelta(days=1)
    hours = {hour: Numbers() for each in (before, day) for hour in clock.hours_of(each)}
    within = {"hour__gte": clock.begin_of(before), "hour__lt": clock.begin_of(day + timedelta(days=1))}
    rows = _of(ShopHour.objects.filter(**within), shops)
    for row in rows.values("hour").annotate(**_sums(_COLUMNS)):
        # An hour may begin elsewhere if the server's zone was another one.
        hours.setdefault(clock.hour_of(row["hour"]), Numbers()).add(row)
    if shops is None:
        for row in OtherHour.objects.filter(**within).values("hour", *_OTHERS):
            hours.setdefault(clock.hour_of(row["hour"]), Numbers()).others += sum(row[name] for name in _OTHERS)
    return Day(
        date=day,
        whole=_whole(day, hours, shops),
        before=_whole(before, hours, shops),
        hours={hour: hours[hour] for hour in clock.hours_of(day)},
        hours_before=[hours[hour] for hour in clock.hours_of(before)],
        shops=_by_shop(day, shops),
        counted_at=_counted_at(),
    )


def days(last: date, shops: Collection[int] | None = None) -> dict[date, Numbers]:
    """What was written to shops and by them on each of the `DAYS` up to this one; one query."""
    found = {last - timedelta(days=ago): Numbers() for ago in reversed(range(DAYS))}
    within = {"hour__gte": clock.begin_of(min(found)), "hour__lt": clock.begin_of(last + timedelta(days=1))}
    rows = _of(ShopHour.objects.filter(**within), shops)
    for row in rows.values("hour").annotate(**_sums(_COLUMNS)):
        found[clock.day_of(row["hour"])].add(row)
    return found


def _of(rows: "QuerySet[Any]", shops: Collection[int] | None) -> "QuerySet[Any]":
    return rows if shops is None else rows.filter(shop__in=shops)


def _sums(columns: Collection[str]) -> dict[str, Sum]:
    return {name: Sum(name) for name in columns}


def _whole(day: date, hours: Mapping[datetime, Numbers], shops: Collection[int] | None) -> Numbers:
    whole = Numbers()
    for hour in clock.hours_of(day):
        whole.add(vars(hours[hour]))
        whole.others += hours[hour].others
    rows = _of(FirstAnswers.objects.filter(day=day), shops).values("span").annotate(number=Sum("number"))
    whole.spans.update({row["span"]: row["number"] for row in rows})
    return whole


def _by_shop(day: date, shops: Collection[int] | None) -> list[ShopNumbers]:
    within = {"hour__gte": clock.begin_of(day), "hour__lt": clock.begin_of(day + timedelta(days=1))}
    rows = _of(ShopHour.objects.filter(**within), shops).values("shop", "shop__name").annotate(**_sums(_COLUMNS))
    found = []
    for row in rows.order_by("-customers", "shop")[:SHOPS]:
        numbers = Numbers()
        numbers.add(row)
        found.append(ShopNumbers(row["shop"], row["shop__name"], numbers))
    spans: defaultdict[int, Counter[int]] = defaultdict(Counter)
    answers = FirstAnswers.objects.filter(day=day, shop__in=[each.shop_id for each in found])
    for shop, span, number in answers.values_list("shop", "span", "number"):
        spans[shop][span] = number
    for each in found:
        each.numbers.spans = spans[each.shop_id]
    return found


def _counted_at() -> datetime | None:
    progress = counter.progress()
    return progress.seen_at if progress and progress.done_up_to >= progress.seen_up_to else None
