"""Running servers: sockets that throw frames, text and binary, whole and in pieces, and what they hear of it."""

import asyncio
import itertools
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from fuzz import corpus
from fuzz.grammar import ACCOUNTS, Grammar
from fuzz.mutations import mutate
from fuzz.witnesses import Witnesses
from tests.client import PATIENCE, checked
from tests.deployments import Deployment
from tests.world import PASSWORD, World

FRAMES = 25
"""What each socket throws."""
AT_ONCE = 20
FUZZING = ACCOUNTS[:4]
TROUBLE = ("Traceback", "internal_error", " failed", "Exception", "Unhandled")
"""What stands in the log of a server that was not ready for something."""


@dataclass
class Heard:
    """What a campaign against one deployment has seen."""

    sockets: int = 0
    frames: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    said: int = 0
    slowest: float = 0.0
    complaints: list[str] = field(default_factory=list)


class Siege:
    """Throws frames at a deployment from many sockets, of which a third is not signed in."""

    def __init__(self, deployment: Deployment, seed: int) -> None:
        self._deployment = deployment
        self._dice = random.Random(seed)
        self._grammar = Grammar(self._dice)
        self._kept = corpus.read()
        self._world = World(deployment.alias)
        self._world.accounts(*FUZZING)
        self._world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        self.heard = Heard()

    async def run(self, sockets: int) -> Heard:
        """So many sockets, one after another, some at once, while the witnesses talk."""
        witnesses = Witnesses(self._deployment, self._world)
        logged = [len(server.program.lines) for server in self._deployment.servers]
        # All frames are made before any is thrown: so they do not depend on who is served first.
        plans = [(number % 3 > 0, self._frames()) for number in range(sockets)]
        waiting = iter(plans)
        async with witnesses.talking():
            await asyncio.gather(*(self._besiege(waiting) for _ in range(AT_ONCE)))
        self.heard.said, self.heard.slowest = witnesses.said, witnesses.slowest
        self.heard.complaints += witnesses.complaints
        for server, before in zip(self._deployment.servers, logged, strict=True):
            self.heard.complaints += [
                f"in the log: {line.strip()}"
                for line in itertools.islice(server.program.lines, before, None)
                if any(word in line for word in TROUBLE)
            ]
        return self.heard

    def _frames(self) -> list[str]:
        frames = [self._grammar.frame() for _ in range(FRAMES)]
        made = [
            frame if self._dice.random() < 0.6 else mutate(self._dice.choice(self._kept), self._kept, self._dice)
            for frame in frames
        ]
        # Half a sign can't be sent as UTF-8.
        return [frame.encode(errors="replace").decode() for frame in made]

    async def _besiege(self, plans: Iterator[tuple[bool, list[str]]]) -> None:
        for signed_in, frames in plans:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._one_socket(signed_in, frames)
            except ConnectionClosed as closed:
                self._complain(f"closed: {closed}", frames)
            except Exception as error:
                self._complain(f"{type(error).__name__}: {error}", frames)

    async def _one_socket(self, signed_in: bool, frames: list[str]) -> None:
        self.heard.sockets += 1
        url = self._deployment.next_server().url
        async with connect(url, compression=None, max_size=None, max_queue=None) as socket:
            if signed_in:
                data = {"account": FUZZING[self.heard.sockets % len(FUZZING)], "password": PASSWORD}
                await socket.send(json.dumps({"query": "login", "appid": self._world.appid, "data": data}))
            for number, frame in enumerate(frames):
                self.heard.frames += 1
                await self._throw(socket, frame, number)
            end = f"end {self.heard.sockets}"
            await socket.send(json.dumps({"query": "leave_chats", "seq": end}))
            while True:
                answer = checked(str(await socket.recv()))
                self.heard.answers[str(answer.get("reason", answer["query"]))] += 1
                if answer.get("reason") == "internal_error":
                    self._complain(f"internal_error for {answer}", frames)
                if answer.get("seq") == end:
                    return

    async def _throw(self, socket: ClientConnection, frame: str, number: int) -> None:
        """As text; one in eight as binary, one in eight in pieces."""
        if number % 8 == 3:
            await socket.send(frame.encode())
        elif number % 8 == 5 and len(frame) > 3:
            third = len(frame) // 3
            await socket.send([frame[:third], frame[third : 2 * third], frame[2 * third :]])
        else:
            await socket.send(frame)

    def _complain(self, problem: str, frames: list[str]) -> None:
        self.heard.complaints.append(f"{problem[:500]}\n    after some of {[frame[:200] for frame in frames]}")
