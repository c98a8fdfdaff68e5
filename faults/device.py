"""A scripted client: an app or a mini program that loses its connection and comes back, as real ones do."""

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from faults import bodies
from faults.journal import Entry, Frame, Journal, Kind

PATIENCE = 20.0
"""Seconds that an answer may take before the device gives its connection up."""
GONE = (ConnectionClosed, InvalidHandshake, InvalidMessage, OSError, TimeoutError, EOFError)


@dataclass
class Person:
    """An account, and what all its devices share: the messages that it has no receipt for yet."""

    app: str
    name: str
    password: str
    peers: list[str]
    unacknowledged: dict[str, str] = field(default_factory=dict)
    """Whom each `client_id` goes to."""
    sent: int = 0
    deleted: set[str] = field(default_factory=set)

    def next_id(self, peer: str) -> str:
        self.sent += 1
        client_id = f"{self.app}-{self.name}-{self.sent}"
        self.unacknowledged[client_id] = peer
        return client_id


class Device:
    """One socket at a time of a person. Everything that it sends and hears goes into the journal."""

    def __init__(
        self,
        person: Person,
        url: Callable[[], str],
        journal: Journal,
        source: int = 1,
        patience: float = PATIENCE,
    ) -> None:
        """`url` is asked at each connection, so that a device may come back to another process."""
        self.person = person
        self.held: dict[str, int] = {}
        """Of each peer the highest id that it was shown, so that it can ask for what is after it."""
        self.online = False
        self.close_code = 0
        self._url = url
        self._journal = journal
        self._source = source
        self._patience = patience
        self._socket: ClientConnection | None = None
        self._number = -1
        self._seq = 0
        self._answers: dict[int, asyncio.Future[Frame]] = {}
        self._reading: asyncio.Task[None] | None = None
        self._login: asyncio.Future[Frame] | None = None

    async def come(self) -> Frame:
        """Connect and sign in; the answer to `login`. Raises what `GONE` names if that is not to be had."""
        await self.hang_up()
        loop = asyncio.get_running_loop()
        socket = await connect(
            self._url(), compression=None, max_size=None, ping_interval=None, open_timeout=self._patience
        )
        self._socket = socket
        self._number = self._journal.socket(self.person.app, self.person.name)
        self._answers, self._login = {}, loop.create_future()
        self._note("opened")
        self._reading = asyncio.create_task(self._read(socket, self._number))
        data = {"account": self.person.name, "password": self.person.password, "source": self._source}
        await self._say({"appid": self.person.app, "query": "login", "data": data})
        async with asyncio.timeout(self._patience):
            answer = await self._login
        self.online = answer["code"] == 0
        return answer

    async def hang_up(self) -> None:
        """Close the connection, if there is one."""
        socket, self._socket = self._socket, None
        self.online = False
        if socket is not None:
            socket.close_timeout = 2.0
            await socket.close()
        if self._reading is not None:
            await self._reading
            self._reading = None

    async def ask(self, query: str, **data: Any) -> Frame:
        """The answer to a query, of which the device gives up its connection if it does not come."""
        return await self.answer(await self.request(query, **data))

    async def request(self, query: str, **data: Any) -> int:
        """Ask without waiting; returns the `seq` for `answer`."""
        self._seq += 1
        self._answers[self._seq] = asyncio.get_running_loop().create_future()
        await self._say({"query": query, "data": data, "seq": self._seq})
        return self._seq

    async def answer(self, seq: int) -> Frame:
        try:
            async with asyncio.timeout(self._patience):
                return await self._answers[seq]
        finally:
            self._answers.pop(seq, None)

    async def send(self, client_id: str, peer: str) -> int:
        """A message, perhaps again."""
        body = bodies.text(self.person.app, self.person.name, peer, client_id)
        return await self.request("send", account=peer, message=body, client_id=client_id)

    async def say_badly(self, text: str | bytes) -> None:
        """Send what the server must refuse."""
        self._note("sent", {"text": str(text)[:200]}, bad=True)
        await self._write(text)

    async def pinged(self) -> None:
        """Have a ping answered."""
        self._answers[0] = asyncio.get_running_loop().create_future()
        self._note("sent", {"text": "ping"})
        await self._write("ping")
        await self.answer(0)

    async def _say(self, frame: Frame) -> None:
        self._note("sent", frame)
        await self._write(json.dumps(frame, ensure_ascii=False))

    async def _write(self, text: str | bytes) -> None:
        if self._socket is None:
            raise ConnectionError("hung up")
        async with asyncio.timeout(self._patience):
            await self._socket.send(text)

    async def _read(self, socket: ClientConnection, number: int) -> None:
        try:
            async for text in socket:
                self._hear(number, json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            self.online = False
            self.close_code = socket.close_code or 1006
            self._journal.entries.append(Entry(_now(), number, "closed", {"code": self.close_code}))
            for future in [*self._answers.values(), self._login]:
                if future is not None and not future.done():
                    future.set_exception(ConnectionError("the connection is gone"))
                    future.exception()

    def _hear(self, number: int, frame: Frame) -> None:
        self._journal.entries.append(Entry(_now(), number, "heard", frame))
        query, data = frame["query"], frame.get("data")
        if query == "login" and self._login is not None and not self._login.done():
            self._login.set_result(frame)
        elif query == "sync_read" and "created_at" in frame and isinstance(data, dict):
            self.person.unacknowledged.pop(data.get("client_id", ""), None)
        elif query == "ping" and 0 in self._answers and not self._answers[0].done():
            self._answers[0].set_result(frame)
        answered = self._answers.get(frame.get("seq", -1))
        if answered is not None and not answered.done():
            answered.set_result(frame)

    def _note(self, kind: Kind, frame: Frame | None = None, *, bad: bool = False) -> None:
        self._journal.entries.append(Entry(_now(), self._number, kind, frame or {}, bad))


def _now() -> float:
    return asyncio.get_running_loop().time()


def jittered(dice: random.Random, seconds: float) -> float:
    """About so many seconds."""
    return seconds * dice.uniform(0.5, 1.5)
