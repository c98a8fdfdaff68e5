"""Two who talk all the time while others throw frames at the server: they must notice nothing of it."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.client import Client
from tests.deployments import Deployment
from tests.world import PASSWORD, World

PAUSE = 0.02
"""Seconds between two messages."""


class Witnesses:
    """A pair in the fuzzed app, under names that nobody else can know."""

    def __init__(self, deployment: Deployment, world: World) -> None:
        self._names = (f"w{uuid.uuid4().hex}", f"w{uuid.uuid4().hex}")
        world.accounts(*self._names)
        self._world = world
        self._urls = [deployment.next_server().url for _ in self._names]
        self.said = 0
        self.slowest = 0.0
        """Seconds from saying to hearing."""
        self.complaints: list[str] = []

    @asynccontextmanager
    async def talking(self) -> AsyncIterator[None]:
        """For as long as the block lasts."""
        over = asyncio.Event()
        talk = asyncio.create_task(self._talk(over))
        try:
            yield
        finally:
            over.set()
            try:
                await talk
            except Exception as error:
                self.complaints.append(f"the witnesses: {type(error).__name__}: {error}")

    async def _talk(self, over: asyncio.Event) -> None:
        one_name, two_name = self._names
        async with Client(self._urls[0]) as one, Client(self._urls[1]) as two:
            for client, name in ((one, one_name), (two, two_name)):
                await client.sign_in(self._world.appid, name, PASSWORD)
                client.heard.clear()
            while not over.is_set():
                self.said += 1
                began = time.monotonic()
                receipt = await one.tell(two_name, f"message {self.said}")
                heard = await two.hear("user_message", account=one_name)
                self.slowest = max(self.slowest, time.monotonic() - began)
                told = (heard["message_id"], heard["data"]["message"]["content"])
                if told != (receipt["message_id"], f"message {self.said}"):
                    self.complaints.append(f"message {self.said} was heard as {told}, its receipt was {receipt}")
                await asyncio.sleep(PAUSE)
            for name, more in zip(self._names, (await one.pending(), await two.pending()), strict=True):
                self.complaints += [f"witness {name} heard what was not for it: {frame}" for frame in more]
