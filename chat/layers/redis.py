"""The channel layer for several processes: what a group is sent also goes to the other processes, through Redis.

Sockets of this process are served at once, without the way through Redis, and therefore also while it is down. Each
group with a member here is one subscription; what is published during one turn of the event loop is one write.
Redis Pub/Sub delivers at most once: what is published while a process is cut off never reaches it. The database has it.
"""

import asyncio
import logging
import math
import random
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from channels_redis.utils import create_pool
from redis.exceptions import RedisError

from chat.counts import counts
from chat.layers.addresses import pool_options
from chat.layers.local import LocalChannelLayer, Message

logger = logging.getLogger(__name__)

CONFIRMATION = 2.0
"""Seconds that `group_add` waits for Redis at most; where Redis is known to be out of reach it does not wait at all.
The subscription follows when Redis is back."""
LONGEST_PAUSE = 2.0
"""Seconds between attempts to reach Redis, at most."""
FAILURES = (RedisError, OSError, asyncio.TimeoutError)


class RedisChannelLayer(LocalChannelLayer):
    """Groups that reach over all processes with the same Redis and the same `prefix`."""

    shared = True

    def __init__(self, url: str, prefix: str = "chat", **options: Any) -> None:
        super().__init__(**options)
        self._url = url
        self._groups_topic = f"{prefix}:group:"
        self._process_topic = f"{prefix}:process:"
        self._signature = self.process.encode()
        self._links: WeakKeyDictionary[asyncio.AbstractEventLoop, Link] = WeakKeyDictionary()

    async def new_channel(self, prefix: str = "specific") -> str:
        await self._link().subscribe(self._process_topic + self.process)
        return await super().new_channel(prefix)

    async def send(self, channel: str, message: Message) -> None:
        self.require_valid_channel_name(channel)
        if self._owner(channel) == self.process:
            await super().send(channel, message)
        else:
            self.post(channel, message)
            await self._link().published()

    async def group_add(self, group: str, channel: str) -> None:
        await super().group_add(group, channel)
        await self._link().subscribe(self._groups_topic + group)

    async def group_discard(self, group: str, channel: str) -> None:
        await super().group_discard(group, channel)
        if group not in self._groups:
            await self._link().unsubscribe(self._groups_topic + group)

    async def group_send(self, group: str, message: Message) -> None:
        self.require_valid_group_name(group)
        self.publish(group, message)
        await self.published()

    def reaches(self, group: str, skip: str) -> bool:
        return True

    def publish(self, group: str, message: Message) -> None:
        self.hand(group, message)
        packed = self._signature + msgspec.msgpack.encode(message)
        self._link().publish(self._groups_topic + group, packed)

    def post(self, channel: str, message: Message) -> None:
        owner = self._owner(channel)
        if owner == self.process:
            super().post(channel, message)
        else:
            self._link().publish(self._process_topic + owner, msgspec.msgpack.encode((channel, message)))

    async def connected(self) -> bool:
        return await self._link().answers()

    async def published(self) -> None:
        await self._link().published()

    def arrived(self, topic: str, packed: bytes) -> None:
        """Something was published: for one channel here, or for a group, which the publishing process serves itself."""
        if topic.startswith(self._process_topic):
            channel, message = msgspec.msgpack.decode(packed)
            self._mailbox(channel).deliver(message)
        elif not packed.startswith(self._signature):
            message = msgspec.msgpack.decode(memoryview(packed)[len(self._signature) :])
            self.hand(topic.removeprefix(self._groups_topic), message)

    async def flush(self) -> None:
        await super().flush()
        link = self._links.pop(asyncio.get_running_loop(), None)
        if link is not None:
            await link.close()

    @property
    def out_of_reach(self) -> bool:  # type: ignore[override]
        return any(link.out_of_reach for link in list(self._links.values()))

    @staticmethod
    def _owner(channel: str) -> str:
        """The process that made the channel."""
        return channel.partition(".")[2].partition("!")[0]

    def _link(self) -> "Link":
        loop = asyncio.get_running_loop()
        link = self._links.get(loop)
        if link is None:
            link = self._links[loop] = Link(self, self._url)
        return link


class Link:
    """One event loop's connections to Redis: one that publishes, one that listens."""

    def __init__(self, layer: RedisChannelLayer, url: str) -> None:
        self._layer = layer
        self._pool: Any = create_pool({**pool_options(url), "protocol": 2, "socket_timeout": None})
        self._publisher: Any = None
        self._outgoing: list[tuple[str, bytes]] = []
        self._publishing: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._connection: Any = None
        self._returning: asyncio.Task[None] | None = None
        self.out_of_reach = False
        self._wanted: dict[str, asyncio.Future[None]] = {}

    def publish(self, topic: str, packed: bytes) -> None:
        """Publish with whatever else this turn of the loop publishes; lost if Redis can't be reached."""
        self._outgoing.append((topic, packed))
        if self._publishing is None:
            self._publishing = asyncio.get_running_loop().create_task(self._publish_all())

    async def published(self) -> None:
        """Wait until everything given to `publish` has gone out, or is lost."""
        if self._publishing is not None:
            await asyncio.shield(self._publishing)
        if self._listening is None:
            # Nothing keeps this loop: a management command's. Its connection must not outlive it.
            await self._close_publisher()

    async def subscribe(self, topic: str) -> None:
        """Hear what is published on the topic, from the return of this call on if Redis can be reached."""
        confirmed = self._wanted.get(topic)
        if confirmed is None:
            confirmed = self._wanted[topic] = asyncio.get_running_loop().create_future()
            if self._listening is None:
                self._listening = asyncio.get_running_loop().create_task(self._listen())
            elif self._connection is not None:
                with suppress(*FAILURES):
                    await self._connection.send_command("SUBSCRIBE", topic)
        if confirmed.done() or self.out_of_reach:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(CONFIRMATION):  # unlike wait_for it never takes a cancellation for an outcome
                await asyncio.shield(confirmed)

    async def unsubscribe(self, topic: str) -> None:
        """Hear no more of the topic."""
        self._wanted.pop(topic, None)
        if self._connection is not None:
            with suppress(*FAILURES):
                await self._connection.send_command("UNSUBSCRIBE", topic)

    async def answers(self) -> bool:
        """Whether Redis can be reached now, over a connection made for this question."""
        try:
            connection = await self._connect()
        except FAILURES:
            return False
        try:
            await connection.send_command("PING")
            await connection.read_response(timeout=CONFIRMATION)
        except FAILURES:
            return False
        else:
            return True
        finally:
            await connection.disconnect(nowait=True)

    async def close(self) -> None:
        """Drop both connections and all subscriptions."""
        self._wanted.clear()
        for task in (self._publishing, self._listening):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await self._close_publisher()

    async def _close_publisher(self) -> None:
        publisher, self._publisher = self._publisher, None
        if publisher is not None:
            await publisher.disconnect()
        sentinels = getattr(self._pool, "sentinel_manager", None)
        if sentinels is not None:
            await sentinels.aclose()

    async def _publish_all(self) -> None:
        try:
            while self._outgoing:
                batch, self._outgoing = self._outgoing, []
                try:
                    await self._publish_batch(batch)
                except FAILURES as error:
                    counts.lost += len(batch)
                    logger.warning("%d events did not reach other processes: %s", len(batch), error)
        finally:
            self._publishing = None

    async def _publish_batch(self, batch: list[tuple[str, bytes]]) -> None:
        connection = self._publisher
        try:
            if connection is None:
                connection = self._publisher = await self._connect()
                # Nobody reads how many heard it, so Redis need not say.
                await connection.send_command("CLIENT", "REPLY", "OFF")
            pack = connection.pack_command
            packed = [part for topic, content in batch for part in pack("PUBLISH", topic, content)]
            await connection.send_packed_command(packed, check_health=False)
        except FAILURES:
            if connection is not None:
                self._publisher = None
                await connection.disconnect(nowait=True)
            raise

    async def _connect(self) -> Any:
        """A connection of one's own, outside of the pool."""
        connection = self._pool.make_connection()
        await connection.connect()
        return connection

    def _catch_up(self) -> None:
        """Everything is heard again."""
        if self._layer.returned is not None:
            self._returning = asyncio.get_running_loop().create_task(self._layer.returned())

    async def _listen(self) -> None:
        pause = 0.05
        while True:
            try:
                await self._hear_all()
            except FAILURES as error:
                self.out_of_reach = True
                logger.warning("Redis is out of reach, trying again: %s", error)
                # What goes out on the other connection would be lost without an error, as nothing answers there.
                publisher, self._publisher = self._publisher, None
                if publisher is not None:
                    await publisher.disconnect(nowait=True)
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  (spreads load, guards nothing)
            pause = min(LONGEST_PAUSE, pause * 2) if self._connection is None else 0.05
            self._connection = None

    async def _hear_all(self) -> None:
        """Subscribe to everything wanted and hand over what arrives, until the connection breaks."""
        connection = await self._connect()
        try:
            was_away, self.out_of_reach = self.out_of_reach, False
            self._connection = connection
            last = next(reversed(self._wanted)) if self._wanted and was_away else None
            if self._wanted:
                await connection.send_command("SUBSCRIBE", *self._wanted)
            while True:
                kind, topic, content = await connection.read_response(disable_decoding=True, timeout=math.inf)
                if kind == b"message":
                    self._layer.arrived(topic.decode(), content)
                elif kind == b"subscribe":
                    confirmed = self._wanted.get(topic.decode())
                    if confirmed is not None and not confirmed.done():
                        confirmed.set_result(None)
                    if topic.decode() == last:
                        last = None
                        self._catch_up()
        finally:
            await connection.disconnect(nowait=True)
