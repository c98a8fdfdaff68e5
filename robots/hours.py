"""When people of a shop are there: hours as staff write them, and when somebody is back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTES = 24 * 60
WEEK = 7 * MINUTES

_DAYS = {name: day for day, names in enumerate(("一", "二", "三", "四", "五", "六", "日天")) for name in names}
_DAYS |= {name: day for day, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_DAY = r"(?:(?:周|星期|礼拜)?([一二三四五六日天])|(mon|tue|wed|thu|fri|sat|sun)[a-z]*)"
_EVERY_DAY = re.compile(r"每天|每日|daily|every\s?day")
_SPAN_OF_DAYS = re.compile(rf"{_DAY}(?:\s*(?:-|至|到)\s*{_DAY})?")
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*(?:-|至|到)\s*(\d{1,2})[:：](\d{2})")
_BETWEEN = " \t\u3000,，、;；:：和及"
_DASHES = str.maketrans(dict.fromkeys("–—~～－", "-"))


class WrongHoursError(ValueError):
    """A line that is no hours; it is the error's only argument."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Spans of a week in minutes since Monday 0:00. None at all means that people are always there."""

    spans: tuple[tuple[int, int], ...] = ()

    def open_at(self, moment: datetime) -> bool:
        """Whether people are there at this moment of the shop's own clock."""
        now = _minute(moment)
        return not self.spans or any(start <= at < end for start, end in self.spans for at in (now, now + WEEK))

    def opens_after(self, moment: datetime) -> datetime | None:
        """When people come next; None if they are there, or if nobody ever comes."""
        if self.open_at(moment):
            return None
        now = _minute(moment)
        minutes = min((start - now) % WEEK for start, _ in self.spans)
        # By the clock on the wall, which may be put forward or back in between.
        return moment.replace(second=0, microsecond=0) + timedelta(minutes=minutes)


@lru_cache(1000)
def hours(text: str) -> Hours:
    """One line for some days of the week, or for all of them: `周一至周五 9:00-12:00 13:30-18:00`, `Sat 10:00-16:00`.

    A span that ends before it begins goes on past midnight. Raises `WrongHoursError`.
    """
    return Hours(tuple(span for line in text.splitlines() if line.strip() for span in _spans(line)))


def said(moment: datetime, now: datetime) -> str:
    """A moment of the coming week in words for customers."""
    days = (moment.date() - now.date()).days
    day = ("今天", "明天")[days] if days < 2 else f"周{'一二三四五六日'[moment.weekday()]}"
    return f"{day} {moment:%H:%M}"


def now_in(zone: str) -> datetime:
    """The time on the wall there."""
    return datetime.now(ZoneInfo(zone))


def _spans(line: str) -> Iterator[tuple[int, int]]:
    rest = line.translate(_DASHES).casefold().strip()
    days, rest = _days(rest)
    found = False
    while rest:
        span = _SPAN.match(rest)
        if span is None:
            raise WrongHoursError(line.strip())
        start, end = _time(line, *span.group(1, 2)), _time(line, *span.group(3, 4))
        if start in (end, MINUTES):
            raise WrongHoursError(line.strip())
        yield from ((day * MINUTES + start, day * MINUTES + end + (MINUTES if end < start else 0)) for day in days)
        found, rest = True, _after(rest, span)
    if not found:
        raise WrongHoursError(line.strip())


def _days(rest: str) -> tuple[list[int], str]:
    """The days with which the line begins, all of them if with none, and what follows."""
    every = _EVERY_DAY.match(rest)
    if every:
        return list(range(7)), _after(rest, every)
    days: list[int] = []
    while span := _SPAN_OF_DAYS.match(rest):
        first, last = _DAYS[span[1] or span[2]], _DAYS.get(span[3] or span[4] or "")
        days += [first] if last is None else [(first + n) % 7 for n in range((last - first) % 7 + 1)]
        rest = _after(rest, span)
    return sorted(set(days)) or list(range(7)), rest


def _after(rest: str, match: re.Match[str]) -> str:
    return rest[match.end() :].lstrip(_BETWEEN)


def _time(line: str, hour: str, minute: str) -> int:
    at = int(hour) * 60 + int(minute)
    if int(minute) > 59 or at > MINUTES:
        raise WrongHoursError(line.strip())
    return at


def _minute(moment: datetime) -> int:
    return moment.weekday() * MINUTES + moment.hour * 60 + moment.minute
