"""Counting messages some seconds after they were stored, and forgetting old figures."""

from datetime import timedelta

from django.utils import timezone

from chat import message_ids
from chat.afterwards.follower import Follower
from chat.figures import clock
from chat.figures.counting import WAITING, Said, count
from chat.figures.models import FirstAnswers, OpenTalk, OtherHour, ShopHour
from chat.models import Message

KEPT = timedelta(days=31)
"""For how long figures are kept: one may look back at the month."""


def forget() -> None:
    """Remove figures that are older than `KEPT`, and talks that are over for sure."""
    first = clock.today() - KEPT
    ShopHour.objects.filter(hour__lt=clock.begin_of(first)).delete()
    OtherHour.objects.filter(hour__lt=clock.begin_of(first)).delete()
    FirstAnswers.objects.filter(day__lt=first).delete()
    OpenTalk.objects.filter(last_at__lt=timezone.now() - WAITING).delete()


def _begin() -> int:
    """With yesterday: a database that has grown for years is not read through."""
    return message_ids.last_before(clock.begin_of(clock.today() - timedelta(days=1)))


def _read(after: int, last: int) -> list[Said]:
    found = Message.objects.filter(pk__gt=after, pk__lte=last).order_by("pk")
    return [Said(*row) for row in found.values_list("pk", "sender_id", "recipient_id", "robot", "created_at")]


counter = Follower("figures", 200, _begin, _read, count)
