"""The admin's first page: how the day goes, for those who may see shops."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Source
from chat import presence
from chat.admin.plots import SharePlot, bars, columns, shares, waits
from chat.figures import clock, daily
from chat.figures.daily import Day, Numbers, ShopNumbers
from chat.figures.following import KEPT
from robots.staff import shops_of

NOTHING = "–"


@dataclass(frozen=True)
class Card:
    """One figure of the day, beside the day before."""

    title: str
    value: str
    before: str
    meaning: str
    is_long: bool = False
    """Whether it takes more room than a number."""


def figures(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the page shows besides the lists of everything; nothing to those who may not see shops."""
    if not request.user.has_perm("robots.view_shop"):
        return context
    today = clock.today()
    asked = _date(request.GET.get("day", ""))
    wanted = max(min(asked or today, today), today - KEPT)
    shops = _shops(request)
    day = daily.figures(wanted, shops)
    return {
        **context,
        "day": day,
        "is_today": wanted == today,
        "previous": wanted - timedelta(days=1) if wanted > today - KEPT else None,
        "following": wanted + timedelta(days=1) if wanted < today else None,
        "zone": settings.TIME_ZONE,
        "cards": list(_cards(day)),
        "columns": columns(day),
        "trend": _trend(wanted, shops),
        "rows": _rows(day.shops),
        "most_shops": daily.SHOPS if len(day.shops) == daily.SHOPS else None,
        "sources": bars(_sources()) if shops is None and wanted == today else None,
        "may_fill_gaps": request.user.has_perm("robots.view_gap"),
        "may_read": request.user.has_perm("chat.view_conversation"),
    }


def spoken(seconds: float | None) -> str:
    """A time as people say it, with as much of it as matters."""
    if seconds is None:
        return NOTHING
    whole = round(seconds)
    if whole < 60:
        return _("%(seconds)d s") % {"seconds": whole}
    if whole < 3600:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": whole // 60, "seconds": whole % 60}
    return _("%(hours)d h %(minutes)d min") % {"hours": whole // 3600, "minutes": whole % 3600 // 60}


def share(part: float | None) -> str:
    """A share in percent; next to nothing is not nothing, and next to all not all."""
    if part is None:
        return NOTHING
    if 0 < part < 0.01:
        return "<1%"
    return ">99%" if 0.99 < part < 1 else f"{part:.0%}"


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _shops(request: HttpRequest) -> Collection[int] | None:
    """The shops whose figures somebody may see; None for all of the server."""
    shops = shops_of(request.user)
    return None if shops is None else list(shops.values_list("pk", flat=True))


def _sources() -> list[tuple[str, int]]:
    """How many sockets are open now, by what they were opened from."""
    now: dict[Source, int] = async_to_sync(presence.sockets_by_source)()
    return [(capfirst(str(source.label)), number) for source, number in now.items()]


def _cards(day: Day) -> Iterator[Card]:
    now, before = day.whole, day.before
    yield _card(_("Messages"), now.messages, before.messages, _("All that was written, by robots as well."))
    yield _card(_("From customers"), now.customers, before.customers, _("What customers wrote to shops."))
    yield _card(_("Talks"), now.talks, before.talks, _("Talks in which a customer wrote to a shop."))
    yield Card(
        _("Unanswered"),
        share(now.unanswered_share),
        share(before.unanswered_share),
        _("Share of these talks that neither a person nor the robot has answered yet."),
    )
    yield Card(
        _("First answer, median"),
        spoken(now.median),
        spoken(before.median),
        _("From a customer's first message of a talk to a person's first answer: half were quicker."),
        is_long=True,
    )
    yield Card(
        _("First answer, 9 of 10"),
        spoken(now.ninetieth),
        spoken(before.ninetieth),
        _("Nine of ten first answers were quicker."),
        is_long=True,
    )
    yield Card(
        _("Robot hits"),
        share(now.hit_share),
        share(before.hit_share),
        _("Share of answers among what robots replied; menus count neither way."),
    )


def _trend(last: date, shops: Collection[int] | None) -> list[SharePlot]:
    """How two shares went until this day; nothing if there is none."""
    days = daily.days(last, shops).items()
    if not any(numbers.messages for _, numbers in days):
        return []
    unanswered = [(day, numbers.unanswered_share) for day, numbers in days]
    hits = [(day, numbers.hit_share) for day, numbers in days]
    return [shares(_("Unanswered"), "unanswered", unanswered, share), shares(_("Robot hits"), "robots", hits, share)]


def _card(title: str, now: int, before: int, meaning: str) -> Card:
    return Card(title, f"{now:,}", f"{before:,}", meaning)


def _rows(shops: Sequence[ShopNumbers]) -> list[tuple[ShopNumbers, dict[str, Any]]]:
    """Each shop with what its row says."""
    drawn = waits(shop.numbers for shop in shops)
    return [(shop, {**_row(shop.numbers), "wait": wait}) for shop, wait in zip(shops, drawn, strict=True)]


def _row(numbers: Numbers) -> dict[str, str | int]:
    return {
        "customers": f"{numbers.customers:,}",
        "talks": f"{numbers.talks:,}",
        "unanswered": share(numbers.unanswered_share),
        "waiting": numbers.unanswered,
        "median": spoken(numbers.median),
        "ninetieth": spoken(numbers.ninetieth),
        "hits": share(numbers.hit_share),
    }
