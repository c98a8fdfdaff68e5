"""Taking notifications of an app's own server to everybody they are for, while nobody waits.

The row is the order: any process may carry it out, one at a time does, and one that was broken off is continued by
whoever finds it. No broker is involved, and whoever was told is not told again.
"""

import asyncio
import logging
from collections.abc import Iterator

from chat import notifications
from chat.database import read
from chat.delivery import publish
from chat.events import MessageSent
from chat.models import PREVIEW_LENGTH, Notification
from chat.protocol.bodies import text_body

logger = logging.getLogger(__name__)


async def tell(notification_id: int | None = None) -> bool:
    """Tell everybody this notification, or the oldest that is left over; False if nothing was there to do."""
    notification = await read(notifications.claim, notification_id)
    if notification is None:
        return False
    try:
        body = notification.body or text_body(notification.text).json
        told = notifications.send(notification, body=body, preview=notification.text[:PREVIEW_LENGTH])
        while (events := await read(_next, told)) is not None:
            for event in events:
                publish(event)
            await read(notifications.keep_claim, notification)
    except Exception:
        logger.exception("notification %d broke off; it is continued later", notification.pk)
    return True


async def tell_the_rest() -> None:
    """Whatever was left over by processes that have ended."""
    while await tell():
        pass


def _next(told: Iterator[list[MessageSent]]) -> list[MessageSent] | None:
    return next(told, None)


_running: set[asyncio.Task[bool]] = set()


def start(notification: Notification) -> None:
    """Tell it from now on. Called on the event loop, after the commit."""
    task = asyncio.get_running_loop().create_task(tell(notification.pk))
    _running.add(task)
    task.add_done_callback(_running.discard)
