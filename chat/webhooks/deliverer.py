"""The one who empties the outbox: a task in each serving process.

Several processes share the work: a delivery is claimed in the database before it is attempted. It may arrive twice
where a process is killed between the answer and its note of it; the id is the same.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import aiohttp
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import Error

from chat.database.connections import drop_broken_connections, give_back_pooled_connections
from chat.webhooks import claims, endpoints
from chat.webhooks.addresses import PrivateAddressError, guarded_socket
from chat.webhooks.claims import Claimed, Result
from chat.webhooks.signing import headers

logger = logging.getLogger(__name__)

T = TypeVar("T")

AT_ONCE = 50
"""Attempts that are under way in this process at most."""
AT_ONCE_EACH = 10
"""Those with one endpoint, so that a slow one leaves room for others."""
POLL = 2.0
"""Seconds between looks at the outbox where nothing calls for one: for what other processes wrote, and for retries."""
COUNT, PURGE, PURGE_ON = 5.0, 600.0, 1.0
"""Seconds between counts of what waits, and between clearing away what is old; the last where there is more of it."""
GROUP = "webhooks"
READ = 4096
"""Bytes of an answer that are read, so that the connection can be used again; nobody looks at them."""


class Deliverer:
    """The task of one event loop. All methods are called on that loop."""

    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="webhooks")
        self._under_way: Counter[int] = Counter()
        self._attempts: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._run())
        self._count_at = self._purge_at = 0.0
        self.waiting, self.oldest = 0, 0.0

    def wake(self) -> None:
        """Something was written into the outbox. Called in any thread."""
        self._loop.call_soon_threadsafe(self._wake.set)

    async def _run(self) -> None:
        channels = get_channel_layer()
        channel = await channels.new_channel()
        channels.listen(channel, lambda message: endpoints.forget())
        await channels.group_add(GROUP, channel)
        timeout = aiohttp.ClientTimeout(total=settings.WEBHOOKS_SECONDS)
        connector = aiohttp.TCPConnector(socket_factory=guarded_socket, limit=AT_ONCE, ttl_dns_cache=10)
        async with aiohttp.ClientSession(
            connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        ) as session:
            while True:
                try:
                    await self._look(session)
                    await self._tidy()
                except Error as error:
                    drop = self._in_thread(drop_broken_connections)
                    logger.warning("the outbox of webhooks can't be read: %s", error)
                    await drop
                except Exception:
                    logger.exception("webhooks were not delivered")
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL):
                        await self._wake.wait()
                self._wake.clear()

    async def _look(self, session: aiohttp.ClientSession) -> None:
        """Start attempts at what is due, as many as may be under way."""
        while (room := AT_ONCE - len(self._attempts)) > 0:
            busy = [number for number, count in self._under_way.items() if count >= AT_ONCE_EACH]
            found = await self._in_thread(partial(claims.claim, min(room, AT_ONCE_EACH), busy))
            for claimed in found:
                self._under_way[claimed.endpoint_id] += 1
                task = self._loop.create_task(self._attempt(session, claimed))
                self._attempts.add(task)
                task.add_done_callback(self._attempts.discard)
            if not found:
                break

    async def _tidy(self) -> None:
        """Now and then: how much waits, and what is old enough to be given up or forgotten."""
        now = self._loop.time()
        if now >= self._count_at:
            self._count_at = now + COUNT
            self.waiting, self.oldest = await self._in_thread(claims.waiting)
        if now >= self._purge_at:
            more = [await self._in_thread(clear) for clear in (claims.give_up, claims.purge)]
            self._purge_at = now + (PURGE_ON if any(more) else PURGE)

    async def _attempt(self, session: aiohttp.ClientSession, claimed: Claimed) -> None:
        try:
            result = await self._post(session, claimed)
            await self._in_thread(partial(claims.settle, claimed, result))
        except Exception:
            logger.exception("what came of webhook %s was not noted", claimed.name)
        finally:
            self._under_way[claimed.endpoint_id] -= 1
            self._wake.set()

    async def _post(self, session: aiohttp.ClientSession, claimed: Claimed) -> Result:
        signed = headers(claimed.secrets, claimed.name, int(time.time()), claimed.body)
        sent = {**signed, "content-type": "application/json", "user-agent": "shop-chat-webhooks"}
        try:
            async with session.post(
                claimed.url, data=claimed.body.encode(), headers=sent, allow_redirects=False
            ) as answer:
                await answer.content.read(READ)
                status = answer.status
                return Result(status, "" if 200 <= status < 300 else f"HTTP {status}")
        except TimeoutError:
            return Result(None, "timeout")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Result(None, "private address" if _is_private(error) else type(error).__name__)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _and_give_back, call)


def _and_give_back(call: Callable[[], T]) -> T:
    try:
        return call()
    finally:
        give_back_pooled_connections()


def _is_private(error: Any) -> bool:
    seen: list[BaseException] = [error]
    while seen:
        one = seen.pop()
        if isinstance(one, PrivateAddressError):
            return True
        inner = (one.__cause__, one.__context__, getattr(one, "os_error", None), *getattr(one, "exceptions", ()))
        seen.extend(cause for cause in inner if isinstance(cause, BaseException))
    return False


_deliverers: WeakKeyDictionary[asyncio.AbstractEventLoop, Deliverer] = WeakKeyDictionary()


def start() -> Deliverer:
    """The deliverer of the running event loop, at work from the first call on."""
    loop = asyncio.get_running_loop()
    deliverer = _deliverers.get(loop)
    if deliverer is None:
        deliverer = _deliverers[loop] = Deliverer()
    return deliverer


def changed() -> None:
    """An endpoint was changed and committed: every process reads them again. Called outside of the event loop."""
    endpoints.forget()
    async_to_sync(get_channel_layer().group_send)(GROUP, {"type": "webhooks"})


def wake() -> None:
    """Something was written into the outbox and committed. Called in any thread."""
    for deliverer in running():
        deliverer.wake()


def running() -> list[Deliverer]:
    """Those of this process."""
    return list(_deliverers.values())
