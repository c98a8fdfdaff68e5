"""Following the messages by their ids, each once, in whichever process has the time.

Nothing is done as a message is stored. Whoever does something with messages goes on behind the id up to which all is
done, and moves it in the transaction of what is done: of two who do the same, the second finds it moved, and after a
crash either both have happened or neither.

Ids become visible in their order within a conversation, and not among conversations: with PostgreSQL an id may turn up
below one that is there already. Hence the newest id is noted together with the transaction of whoever notes it. All who
may still bring a lower id had begun to write before, so that all of them are over once no transaction before that one
runs any more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from django.db import connection, transaction
from django.utils import timezone

from chat import message_ids
from chat.afterwards.models import Progress
from chat.models import Message

IDLE = timedelta(minutes=1)
"""While nothing new comes it is noted this often that all is done: each commit wakes the disk."""

_NOTE = """
    UPDATE chat_progress SET seen_up_to = %s, seen_at = %s, horizon = pg_current_xact_id()::text::bigint WHERE name = %s
"""
# Where all numbers are below the horizon, it is another cluster's, from which the database was brought here.
_OVER = """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= %s
        OR pg_snapshot_xmax(pg_current_snapshot())::text::bigint < %s
"""


T = TypeVar("T")


@dataclass(frozen=True)
class Follower(Generic[T]):
    """Somebody who does something with every message."""

    name: str
    step: int
    """Messages of one transaction. With SQLite nobody else writes until it ends: a few milliseconds."""
    begin: Callable[[], int]
    """After which id to begin where nothing was done before."""
    prepare: Callable[[int, int], T]
    """Reads the messages above the first id, up to the second, and does what takes time, before that transaction."""
    work: Callable[[T], None]
    """Does the rest within the transaction, which has noted it as done."""

    def follow(self, most: int | None = None) -> bool:
        """Go one step, of so many messages, or look for new ones; whether there may be more to do at once."""
        progress = (
            self.progress() or Progress.objects.get_or_create(name=self.name, defaults={"done_up_to": self.begin()})[0]
        )
        if progress.done_up_to >= progress.seen_up_to:
            return self._look(progress)
        return _all_are_visible(progress) and self._go_on(progress, most or self.step)

    def progress(self) -> Progress | None:
        """How far it has come; None before it began."""
        return Progress.objects.filter(name=self.name).first()

    def _look(self, progress: Progress) -> bool:
        """Note the newest id; whether there is anything to do."""
        now, newest = timezone.now(), message_ids.newest()
        if newest == progress.seen_up_to and progress.seen_at is not None and now - progress.seen_at < IDLE:
            return False
        if connection.vendor == "postgresql":
            # The transaction gets its number here, after the newest id was read.
            with connection.cursor() as cursor:
                cursor.execute(_NOTE, [newest, now, progress.name])
        else:
            Progress.objects.filter(name=progress.name).update(seen_up_to=newest, seen_at=now)
        return newest > progress.done_up_to

    def _go_on(self, progress: Progress, most: int) -> bool:
        after, last = progress.done_up_to, progress.seen_up_to
        some = Message.objects.filter(pk__gt=after, pk__lte=last).order_by("pk").values_list("pk", flat=True)
        last = next(iter(some[most - 1 : most]), last)
        prepared = self.prepare(after, last)
        with transaction.atomic():
            moved = Progress.objects.filter(name=progress.name, done_up_to=after).update(done_up_to=last)
            if moved:
                self.work(prepared)
        # Who finds that another process is at it leaves the rest to it.
        return bool(moved) and last < progress.seen_up_to


def _all_are_visible(progress: Progress) -> bool:
    """Whether no message can turn up any more among those that were seen."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [progress.horizon, progress.horizon])
        return bool(cursor.fetchone()[0])
