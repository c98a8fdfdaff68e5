"""A campaign: two apps full of people who talk while something breaks, and what is found when all is quiet again."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from faults.device import GONE, Device, Person
from faults.habits import Habits
from faults.journal import Frame, Fresh, Journal
from tests.world import PASSWORD, World

PEOPLE = ("ann", "bob", "cid", "shop")
NOBODY = "nobody"
"""With whom nobody talks: going into the room with that account changes nothing and tells the total."""
QUIET = 1.0
"""Seconds without a frame after which all is quiet."""
LONGEST_WAIT = 90.0
"""Seconds in which everybody must have come back and have every receipt, and everything must be quiet."""

Trouble = Callable[[], Awaitable[None]]


@dataclass
class Crowd:
    """Everybody of a campaign. `urls` are the servers' addresses as clients reach them, perhaps through proxies."""

    alias: str
    urls: list[str]
    seed: int
    devices_each: int = 2
    pace: float = 0.04
    journal: Journal = field(default_factory=Journal)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        worlds = [World(self.alias) for _ in range(2)]
        self.people: list[Person] = []
        for world in worlds:
            world.accounts(*PEOPLE, NOBODY)
            for name in PEOPLE:
                peers = [peer for peer in PEOPLE if peer != name]
                self.people.append(Person(world.appid, name, PASSWORD, peers))

    async def live(self, trouble: Trouble) -> Journal:
        """Talk until the trouble is over, become quiet, and look at what there is."""
        over = asyncio.Event()
        habits = [
            Habits(self._device(person, number), random.Random(self.dice.random()), self.pace)
            for person in self.people
            for number in range(self.devices_each)
        ]
        living = [asyncio.create_task(one.live(over)) for one in habits]
        try:
            await trouble()
            over.set()
            async with asyncio.timeout(LONGEST_WAIT):
                await asyncio.gather(*living)
            await self._quiet()
            for person in self.people:
                self.journal.fresh.append(await self._fresh(person))
        finally:
            for task in living:
                task.cancel()
            # What follows is no part of what the clients saw.
            seen = list(self.journal.entries)
            for one in habits:
                await one.device.hang_up()
            self.journal.entries = seen
        return self.journal

    def _device(self, person: Person, number: int) -> Device:
        dice = random.Random(self.dice.random())
        # The devices of a person are spread over the servers, and come back to any of them.
        first = [self.urls[number % len(self.urls)]]

        def url() -> str:
            return first.pop() if first else dice.choice(self.urls)

        return Device(person, url, self.journal, source=number % 4 + 1)

    async def _quiet(self) -> None:
        until = time.monotonic() + LONGEST_WAIT
        heard = -1
        while heard != len(self.journal.entries):
            if time.monotonic() > until:
                raise TimeoutError("it never became quiet")
            heard = len(self.journal.entries)
            await asyncio.sleep(QUIET)

    async def _fresh(self, person: Person) -> Fresh:
        """What an account finds that signs in now; not a part of the journal's frames."""
        device = Device(person, lambda: self.urls[0], Journal())
        try:
            while (await device.come())["code"] != 0:
                await asyncio.sleep(0.2)
            users: list[Frame] = (await device.ask("users", limit=100))["data"]
            histories = {peer: await _history(device, peer) for peer in person.peers}
            total = (await device.ask("enter_chats", account=NOBODY))["data"]["all_noread_nums"]
        finally:
            await device.hang_up()
        return Fresh(person.app, person.name, users, histories, total)


async def _history(device: Device, peer: str) -> list[Frame]:
    items: list[Frame] = []
    more = True
    while more:
        after = items[-1]["id"] if items else 0
        page = (await device.ask("history_chats", account=peer, after_id=after, limit=100))["data"]
        items += page["list"]
        more = page["has_more"]
    return items


async def patiently(doing: Callable[[], Awaitable[object]], seconds: float = 30.0) -> None:
    """Do it again and again until it succeeds, for so long at most."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                await doing()
            except GONE:
                await asyncio.sleep(0.1)
            else:
                return
