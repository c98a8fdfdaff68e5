"""Limits that all processes with the same Redis share.

Nobody waits for Redis: a process decides by what it knows, tells Redis of its uses in the background, and learns
from the answer what all of them have used. What gathers while one exchange is under way goes with the next. While
Redis can't be reached each process limits by its own counts.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

from asgiref.sync import async_to_sync
from channels_redis.utils import create_pool
from redis.asyncio import Redis
from redis.exceptions import RedisError

from accounts.throttle import Key, Throttle
from chat.layers.addresses import pool_options

logger = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds in which Redis must answer."""
LARGEST = 500
"""Keys of one exchange."""
MOST_WAITING = 10_000
"""Keys that wait for the next exchanges; further uses are this process's own knowledge."""

_EXCHANGE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local left = {}
for place, key in ipairs(KEYS) do
    local whole_at = math.max(now, tonumber(redis.call('GET', key) or '0')) + ARGV[place]
    redis.call('SET', key, string.format('%.0f', whole_at), 'PX', string.format('%.0f', (whole_at - now) / 1000 + 1))
    left[place] = whole_at - now
end
return left
"""
"""In microseconds of Redis's own clock: adds what was used to each key, and says when it will be whole again."""


class SharedLimits:
    """Exchanges the uses of throttles with the other processes."""

    def __init__(self, url: str, prefix: str = "chat:limit:") -> None:
        self._url = url
        self._prefix = prefix
        self._uses: dict[tuple[Throttle, Key], int] = {}
        self._exchanges: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[None]] = WeakKeyDictionary()
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()

    def join(self, throttles: Iterable[Throttle]) -> None:
        """Share these throttles."""
        for throttle in throttles:
            throttle.tell = self.tell

    def tell(self, throttle: Throttle, key: Key, uses: int) -> None:
        """Let the others know of uses here. In a thread that answers a request, the event loop behind it does so."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            async_to_sync(self._tell)(throttle, key, uses)
            return
        place = (throttle, key)
        if place not in self._uses and len(self._uses) >= MOST_WAITING:
            return
        self._uses[place] = self._uses.get(place, 0) + uses
        if loop not in self._exchanges:
            self._exchanges[loop] = loop.create_task(self._exchange_all(loop))

    async def _tell(self, throttle: Throttle, key: Key, uses: int) -> None:
        self.tell(throttle, key, uses)

    async def _exchange_all(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            while self._uses:
                chunk = [(place, self._uses.pop(place)) for place in list(self._uses)[:LARGEST]]
                try:
                    await self._exchange(loop, chunk)
                except (TimeoutError, RedisError, OSError) as error:
                    # The layer tells of Redis being away.
                    logger.debug("limits of this process alone for now: %s", type(error).__name__)
        finally:
            del self._exchanges[loop]

    async def _exchange(self, loop: asyncio.AbstractEventLoop, chunk: list[tuple[tuple[Throttle, Key], int]]) -> None:
        script = self._clients.get(loop)
        if script is None:
            options = {**pool_options(self._url), "socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
            script = Redis(connection_pool=create_pool(options)).register_script(_EXCHANGE)
            self._clients[loop] = script
        keys = [f"{self._prefix}{throttle.name}:{_text(key)}" for (throttle, key), _ in chunk]
        costs = [round(throttle.step * uses * 1_000_000) for (throttle, _), uses in chunk]
        left = await script(keys=keys, args=costs)
        for ((throttle, key), _), microseconds in zip(chunk, left, strict=True):
            throttle.learn(key, microseconds / 1_000_000)


def _text(key: Key) -> str:
    return "-".join(map(str, key)) if isinstance(key, tuple) else str(key)
