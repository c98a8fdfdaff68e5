"""Counting messages some seconds after they were stored, each once, in whichever process has the time.

Nothing is done as a message is stored. Whoever counts goes on behind the id up to which all is counted, and moves it in
the transaction that adds to the figures: of two who count the same, the second finds it moved, and after a crash
either both have happened or neither.

Ids become visible in their order within a conversation, and not among conversations: with PostgreSQL an id may turn up
below one that is there already. Hence the newest id is noted together with the transaction of whoever notes it. All who
may still bring a lower id had begun to write before, so that all of them are over once no transaction before that one
runs any more.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from chat.figures import clock
from chat.figures.counting import WAITING, Said, count
from chat.figures.models import FirstAnswers, OpenTalk, OtherHour, Progress, ShopHour
from chat.models import Message

STEP = 500
"""Messages that are counted in one transaction: with SQLite nobody else writes for those few milliseconds."""
IDLE = timedelta(minutes=1)
"""While nothing new comes it is noted this often that all is counted: each commit wakes the disk."""
KEPT = timedelta(days=31)
"""For how long figures are kept: one may look back at the month."""

_NOTE = """
    UPDATE chat_progress SET seen_up_to = %s, seen_at = %s, horizon = pg_current_xact_id()::text::bigint WHERE id = %s
"""
# Where all numbers are below the horizon, it is another cluster's, from which the database was brought here.
_OVER = """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= %s
        OR pg_snapshot_xmax(pg_current_snapshot())::text::bigint < %s
"""


def follow(most: int = STEP) -> bool:
    """Count up to so many messages, or look for new ones; whether there may be more to do at once."""
    progress = Progress.objects.first() or _begin()
    if progress.counted_up_to >= progress.seen_up_to:
        return _look(progress)
    return _all_are_visible(progress) and _count_some(progress, most)


def forget() -> None:
    """Remove figures that are older than `KEPT`, and talks that are over for sure."""
    first = clock.today() - KEPT
    ShopHour.objects.filter(hour__lt=clock.begin_of(first)).delete()
    OtherHour.objects.filter(hour__lt=clock.begin_of(first)).delete()
    FirstAnswers.objects.filter(day__lt=first).delete()
    OpenTalk.objects.filter(last_at__lt=timezone.now() - WAITING).delete()


def _begin() -> Progress:
    """With yesterday: a database that has grown for years is not read through."""
    yesterday = clock.begin_of(clock.today() - timedelta(days=1))
    return Progress.objects.get_or_create(pk=1, defaults={"counted_up_to": _last_before(yesterday)})[0]


def _last_before(at: datetime) -> int:
    """An id up to which messages were stored before that time; looks at a few dozen of them."""
    low, high = 0, _newest()
    while low < high:
        middle = (low + high + 1) // 2
        stored = Message.objects.filter(pk__lte=middle).order_by("-pk").values_list("created_at", flat=True).first()
        if stored is None or stored < at:
            low = middle
        else:
            high = middle - 1
    return low


def _newest() -> int:
    return Message.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _look(progress: Progress) -> bool:
    """Note the newest id; whether there is anything to count."""
    now, newest = timezone.now(), _newest()
    if newest == progress.seen_up_to and progress.seen_at is not None and now - progress.seen_at < IDLE:
        return False
    if connection.vendor == "postgresql":
        # The transaction gets its number here, after the newest id was read.
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [newest, now, progress.pk])
    else:
        Progress.objects.filter(pk=progress.pk).update(seen_up_to=newest, seen_at=now)
    return newest > progress.counted_up_to


def _all_are_visible(progress: Progress) -> bool:
    """Whether no message can turn up any more among those that were seen."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [progress.horizon, progress.horizon])
        return bool(cursor.fetchone()[0])


def _count_some(progress: Progress, most: int) -> bool:
    after, last = progress.counted_up_to, progress.seen_up_to
    found = Message.objects.filter(pk__gt=after, pk__lte=last).order_by("pk")
    messages = [
        Said(*row) for row in found.values_list("pk", "sender_id", "recipient_id", "robot", "created_at")[:most]
    ]
    if len(messages) == most:
        last = messages[-1].id
    with transaction.atomic():
        moved = Progress.objects.filter(pk=progress.pk, counted_up_to=after).update(counted_up_to=last)
        if moved:
            count(messages)
    # Who finds that another process counts leaves the rest to it.
    return bool(moved) and last < progress.seen_up_to
