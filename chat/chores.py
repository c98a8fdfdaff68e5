"""What a serving process does beside its sockets, now and then: it needs no scheduler and no other program."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from django.conf import settings

from chat import guests, writer
from chat.database.pairs import forget_turns
from chat.database.reading import read
from chat.doors import turnstile
from chat.figures import following as figures
from chat.garbage import collect
from chat.searching import following as search
from chat.telling import tell_the_rest
from chat.uploads.sweeping import sweep, sweep_arriving
from robots.gaps import gather
from robots.prepared import prepare_changed, warm_if_used

logger = logging.getLogger(__name__)


async def _sweep() -> None:
    await read(sweep_arriving)
    if settings.UPLOAD_KEEP_UNUSED_HOURS:
        await read(sweep, timedelta(hours=settings.UPLOAD_KEEP_UNUSED_HOURS))
    await read(guests.sweep)


async def _forget_turns() -> None:
    await read(forget_turns)


async def _prepare() -> None:
    while await read(prepare_changed):
        pass


async def _gather() -> None:
    while await read(gather):
        pass


async def _count() -> None:
    await _unhurriedly(figures.counter.follow)


async def _enter() -> None:
    await _unhurriedly(search.indexer.follow)


async def _unhurriedly(step: Callable[[], bool]) -> None:
    """Step after step, with pauses that leave nearly all of the time to those who talk."""
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        if not await read(step):
            return
        await asyncio.sleep(min(max(BREATH, PAUSES * (loop.time() - began)), REST))


async def _forget_figures() -> None:
    await read(figures.forget)


BREATH = 0.05
"""Seconds that are left to those who write between two steps, at least."""
PAUSES = 20.0
"""How many times as long as a step the pause after it is: a sale needs the core for messages, and figures can wait."""
REST = 2.0
"""Seconds of such a pause, at most: a step that took long may have waited for a lock, and cost nobody anything."""

CHORES: tuple[tuple[float, Callable[[], Awaitable[None]]], ...] = (
    (2.0, _prepare),
    (2.0, _count),
    (2.0, _enter),
    (10.0, collect),
    (10.0, _gather),
    (20.0, tell_the_rest),
    (600.0, _forget_turns),
    (3600.0, _forget_figures),
    (3600.0, _sweep),
)
"""How many seconds lie between two rounds of each. Several processes may do the same at once."""

_tasks: list[asyncio.Task[None]] = []


def begin() -> None:
    """Do the chores from now on; called on the event loop with each connection, the first of which counts.

    Those who come give way from now on to those who write.
    """
    if not _tasks:
        loop = asyncio.get_running_loop()
        writing = writer.current()
        turnstile.current().busy = lambda: writing.busy
        _tasks.append(loop.create_task(read(warm_if_used)))
        _tasks.extend(loop.create_task(_again_and_again(seconds, chore)) for seconds, chore in CHORES)


async def _again_and_again(seconds: float, chore: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await chore()
        except Exception:
            logger.exception("a chore failed; it is tried again in %d s", seconds)
        await asyncio.sleep(seconds)
