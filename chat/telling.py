"""Writing and telling what no socket asked for, and taking an app's notifications to everybody while nobody waits.

The row is the order: any process may carry it out, one at a time does, and one that was broken off is continued by
whoever finds it. No broker is involved, and whoever was told is not told again.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync

from accounts.refusals import Refusal
from chat import notifications, writer
from chat.database.reading import read
from chat.delivery import layer, publish
from chat.drafts import Change, Draft
from chat.events import Event, MessageSent
from chat.messages import Stored
from chat.models import PREVIEW_LENGTH, Notification
from chat.protocol.bodies import text_body

logger = logging.getLogger(__name__)


async def write(jobs: Sequence[Draft | Change]) -> list[Any]:
    """Have this process's writer do it, and tell of what came of it in the order in which processes wrote."""
    loop = asyncio.get_running_loop()
    written: list[asyncio.Future[Any]] = [loop.create_future() for _ in jobs]
    for job, future in zip(jobs, written, strict=True):
        writer.current().submit(job, partial(_settle, future))
    return await asyncio.gather(*written)


def write_from_thread(jobs: Sequence[Draft | Change]) -> list[Any]:
    """As `write`, for code that runs outside of the event loop, such as the admin's, and holds no transaction.

    What such code has to write within a transaction of its own it writes there, and has a `Change` look afterwards at
    what there is: so it is told in its place among what others write to the pair.
    """

    async def on_the_loop() -> list[Any]:
        outcomes = await write(jobs)
        await layer().published()
        return outcomes

    outcomes: list[Any] = async_to_sync(on_the_loop)()
    return outcomes


def tell_from_thread(event: Event) -> None:
    """Tell of what needs no place among what is written to a pair. From outside of the event loop, after the commit."""

    async def on_the_loop() -> None:
        publish(event)
        await layer().published()

    async_to_sync(on_the_loop)()


def _settle(written: "asyncio.Future[Any]", outcome: Any) -> None:
    if not isinstance(outcome, Refusal):
        publish(outcome)
    if not written.done():
        written.set_result(outcome)


async def tell(notification_id: int | None = None) -> bool:
    """Tell everybody this notification, or the oldest that is left over; False if nothing was there to do."""
    notification = await read(notifications.claim, notification_id)
    if notification is None:
        return False
    try:
        body = notification.body or text_body(notification.text).json
        loop, preview = asyncio.get_running_loop(), notification.text[:PREVIEW_LENGTH]

        def store_from_thread(drafts: Sequence[Draft]) -> list[Stored]:
            return asyncio.run_coroutine_threadsafe(write(drafts), loop).result()

        told = notifications.send(notification, body=body, preview=preview, store=store_from_thread)
        while await read(_goes_on, told):
            await read(notifications.keep_claim, notification)
    except Exception:
        logger.exception("notification %d broke off; it is continued later", notification.pk)
    return True


async def tell_the_rest() -> None:
    """Whatever was left over by processes that have ended."""
    while await tell():
        pass


def _goes_on(told: Iterator[list[MessageSent]]) -> bool:
    return next(told, None) is not None


_running: set[asyncio.Task[bool]] = set()


def start(notification: Notification) -> None:
    """Tell it from now on. Called on the event loop, after the commit."""
    task = asyncio.get_running_loop().create_task(tell(notification.pk))
    _running.add(task)
    task.add_done_callback(_running.discard)


def start_from_thread(notification: Notification) -> None:
    """As `start`, for code that runs outside of the event loop."""

    async def on_the_loop() -> None:
        start(notification)

    async_to_sync(on_the_loop)()
