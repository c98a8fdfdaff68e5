"""Storing and telling what no socket sent, and taking an app's notifications to everybody while nobody waits.

The row is the order: any process may carry it out, one at a time does, and one that was broken off is continued by
whoever finds it. No broker is involved, and whoever was told is not told again.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from functools import partial

from accounts.refusals import Refusal
from chat import notifications, writer
from chat.database.reading import read
from chat.delivery import publish
from chat.drafts import Draft
from chat.events import MessageSent
from chat.messages import Stored
from chat.models import PREVIEW_LENGTH, Notification
from chat.protocol.bodies import text_body

logger = logging.getLogger(__name__)


async def store(drafts: Sequence[Draft]) -> list[Stored]:
    """Have messages stored by this process's writer, and tell of them in the order of its commits."""
    loop = asyncio.get_running_loop()
    stored: list[asyncio.Future[Stored]] = [loop.create_future() for _ in drafts]
    for draft, future in zip(drafts, stored, strict=True):
        writer.current().submit(draft, partial(_settle, future))
    return await asyncio.gather(*stored)


def _settle(stored: "asyncio.Future[Stored]", outcome: Stored) -> None:
    if not isinstance(outcome, Refusal):
        publish(outcome)
    if not stored.done():
        stored.set_result(outcome)


async def tell(notification_id: int | None = None) -> bool:
    """Tell everybody this notification, or the oldest that is left over; False if nothing was there to do."""
    notification = await read(notifications.claim, notification_id)
    if notification is None:
        return False
    try:
        body = notification.body or text_body(notification.text).json
        loop, preview = asyncio.get_running_loop(), notification.text[:PREVIEW_LENGTH]

        def store_from_thread(drafts: Sequence[Draft]) -> list[Stored]:
            return asyncio.run_coroutine_threadsafe(store(drafts), loop).result()

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
