"""Hours and days as the server's clock shows them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

HOUR = timedelta(hours=1)


def hour_of(at: datetime) -> datetime:
    """When the hour began in which this is; hours begin with the clock's, also half an hour beside Greenwich's."""
    here = at.astimezone(timezone.get_default_timezone())
    return here.replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def day_of(at: datetime) -> date:
    return at.astimezone(timezone.get_default_timezone()).date()


def today() -> date:
    return day_of(timezone.now())


def begin_of(day: date) -> datetime:
    """Its midnight."""
    return datetime.combine(day, time(), timezone.get_default_timezone()).astimezone(UTC)


def hours_of(day: date) -> Iterator[datetime]:
    """When its hours begin: 23 or 25 where the clock is put forward or back."""
    hour, end = begin_of(day), begin_of(day + timedelta(days=1))
    while hour < end:
        yield hour
        hour += HOUR
