"""Plots as the server draws them: numbers as lengths within a box of a hundred by a hundred."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chat.figures.daily import Day, Numbers

PARTS = ("customers", "people", "robots", "others")
"""From the bottom of a column to its top."""
GAP = 0.15
"""What of a column's width is left free."""


@dataclass(frozen=True)
class Part:
    """A piece of a column."""

    name: str
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    """An hour."""

    begins: datetime
    numbers: list[str]
    """How many messages each part has, also those that nobody wrote, and all together."""
    x: float
    width: float
    parts: list[Part]
    before: float | None
    """Where the line of the day before is."""

    @property
    def right(self) -> float:
        """Where it ends."""
        return round(self.x + self.width, 3)


@dataclass(frozen=True)
class Plot:
    """The hours of a day side by side."""

    columns: list[Column]
    highest: str
    """What the top of the box means; empty if there is nothing to show."""
    legend: list[tuple[str, str]]


@dataclass(frozen=True)
class Bar:
    """A number beside others."""

    name: str
    number: str
    width: float


@dataclass(frozen=True)
class DayColumn:
    """A day's share."""

    date: date
    number: str
    x: float
    width: float
    y: float
    """Its upper end."""
    is_known: bool
    """Whether there was anything of which it could be a share."""

    @property
    def height(self) -> float:
        return round(100 - self.y, 3)


@dataclass(frozen=True)
class SharePlot:
    """A share on some days in a row."""

    title: str
    name: str
    columns: list[DayColumn]
    highest: str
    """What the top of the box means."""


@dataclass(frozen=True)
class Wait:
    """How far half of all and nine of ten have come on the way of the longest."""

    median: float
    ninetieth: float


def columns(day: Day) -> Plot:
    """Messages by hour, those of the day before as lines."""
    shown = list(day.hours.items())
    before: list[Numbers | None] = [*day.hours_before]
    before += [None] * (len(shown) - len(before))
    highest = max(each.messages for each in (*day.hours.values(), *day.hours_before))
    legend = _legend([numbers for _, numbers in shown])
    step = 100 / len(shown)
    drawn = [
        Column(
            begins=hour.astimezone(timezone.get_default_timezone()),
            numbers=[f"{getattr(numbers, name):,}" for name in (*dict(legend), "messages")],
            x=round((number + GAP / 2) * step, 3),
            width=round((1 - GAP) * step, 3),
            parts=_parts(numbers, highest),
            before=_above(earlier.messages, highest) if earlier and earlier.messages else None,
        )
        for number, ((hour, numbers), earlier) in enumerate(zip(shown, before, strict=False))
    ]
    return Plot(drawn, f"{highest:,}" if highest else "", legend)


def bars(numbers: Iterable[tuple[str, int]]) -> list[Bar]:
    """Numbers by name, the largest as wide as the box."""
    known = list(numbers)
    most = max((number for _, number in known), default=0)
    return [Bar(name, f"{number:,}", round(100 * number / most, 3) if most else 0) for name, number in known]


def shares(
    title: str, name: str, days: Sequence[tuple[date, float | None]], say: Callable[[float | None], str]
) -> SharePlot:
    """Shares of days, the largest as high as the box; `say` says what they are."""
    highest = max((part for _, part in days if part), default=1.0)
    step = 100 / len(days)
    drawn = [
        DayColumn(
            date=day,
            number=say(part),
            x=round((place + GAP / 2) * step, 3),
            width=round((1 - GAP) * step, 3),
            y=_above(part or 0, highest),
            is_known=part is not None,
        )
        for place, (day, part) in enumerate(days)
    ]
    return SharePlot(title, name, drawn, say(highest))


def waits(shops: Iterable[Numbers]) -> list[Wait | None]:
    """How long the customers of each shop waited for people, where they answered any."""
    known = [(numbers.median, numbers.ninetieth) for numbers in shops]
    longest = max((ninetieth or 0 for _, ninetieth in known), default=0)
    return [
        Wait(round(100 * median / longest, 3), round(100 * ninetieth / longest, 3)) if median and ninetieth else None
        for median, ninetieth in known
    ]


def _parts(numbers: Numbers, highest: int) -> list[Part]:
    parts, below = [], 0
    for name in PARTS:
        number = getattr(numbers, name)
        if number:
            below += number
            parts.append(Part(name, _above(below, highest), round(100 * number / highest, 3)))
    return parts


def _above(number: float, highest: float) -> float:
    return round(100 - 100 * number / highest, 3)


def _legend(hours: Sequence[Numbers]) -> list[tuple[str, str]]:
    names: dict[str, Any] = {
        "customers": _("Customers to shops"),
        "people": _("People of shops"),
        "robots": _("Robots"),
        "others": _("Between customers, and notifications"),
    }
    return [(name, names[name]) for name in PARTS if name != "others" or any(each.others for each in hours)]
