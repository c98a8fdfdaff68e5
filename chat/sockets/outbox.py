"""What is still to be written to one socket, in order."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from chat.protocol.closing import CloseCode

Send = Callable[[dict[str, Any]], Awaitable[None]]
Say = Callable[[str], bool]
"""Writes a text now, or returns False where that must wait, or go another way."""
SAY = "chat.say"
"""The key under which our servers put a socket's `Say` into its scope."""
Said = tuple[str, int]
"""Of a message: the name of the other side of its conversation, and its id."""


class Outbox:
    """Queues texts and writes them one after another. A client too slow for `limit` of them is closed with 4408."""

    __slots__ = ("_close_code", "_held", "_holding", "_limit", "_room", "_say", "_send", "_texts", "_writing")

    def __init__(self, send: Send, limit: int, say: Say | None = None) -> None:
        """`send` and `say` are the server's, of which others know no `say`; `limit` counts texts, 0 for no limit."""
        self._send = send
        self._say = say
        self._limit = limit
        # A deque takes seven hundred bytes while it is empty, as nearly all are.
        self._texts: list[str] = []
        self._held: list[tuple[str, Said | None]] = []
        self._holding = False
        self._writing: asyncio.Task[None] | None = None
        self._close_code: int | None = None
        self._room: asyncio.Future[None] | None = None

    @property
    def waiting(self) -> int:
        """Texts that are not written yet."""
        return len(self._texts) + len(self._held)

    @property
    def closing(self) -> bool:
        """Whether the socket is being closed: nothing more is said on it, and nothing more heard."""
        return self._close_code is not None

    def put(self, text: str) -> None:
        """Write the text once all before it are written; nothing happens on a socket that is being closed."""
        if self._close_code is not None:
            return
        if self._writing is None and self._say is not None and self._say(text):
            return
        if self._limit and len(self._texts) >= self._limit:
            self._texts.clear()
            self.close(CloseCode.TOO_SLOW)
            return
        self._texts.append(text)
        self._write_on()

    def hold(self) -> None:
        """An answer is being read from the database: what happens from now on is told behind it, not before.

        It may show what was true before that happened, and clients take what they hear last for the newest.
        """
        self._holding = True

    def tell(self, text: str, said: Said | None = None) -> None:
        """Write something that happened: as `put`, but behind the answer that is being read, if there is one."""
        if self._holding and not 0 < self._limit <= len(self._held):
            self._held.append((text, said))
        else:
            self.release()
            self.put(text)

    def tell_what_is_in(self, newest: Mapping[str, int]) -> None:
        """The answer has been read, and holds these conversations up to these ids: tell before it what it includes.

        Of what happened before a message that it includes all goes before it, too, but messages that it lacks.
        """
        includes = [said is not None and said[1] <= newest.get(said[0], 0) for _, said in self._held]
        before = max((place for place, included in enumerate(includes, start=1) if included), default=0)
        held, self._held = self._held, []
        for place, (text, said) in enumerate(held):
            if place < before and (said is None or includes[place]):
                self.put(text)
            else:
                self._held.append((text, said))

    def release(self) -> None:
        """The answer was put, or there is none: what was held back follows."""
        self._holding = False
        held, self._held = self._held, []
        for text, _ in held:
            self.put(text)

    def close(self, code: int) -> None:
        """Close the socket with this code after what is queued. Further texts are dropped."""
        if self._close_code is None:
            # autobahn, of which daphne's sockets are made, takes nothing but a plain number.
            self._close_code = int(code)
            self._write_on()

    @property
    def crowded(self) -> bool:
        """Whether more than half of what may wait does."""
        return bool(self._limit) and len(self._texts) > self._limit // 2

    async def room(self) -> None:
        """Wait until no more than half of what may wait does."""
        if self.crowded and self._writing:
            self._room = asyncio.get_running_loop().create_future()
            await self._room

    def drop(self, code: int = 1006) -> int:
        """The socket is gone, with this code unless it was being closed: forget everything. Returns its close code."""
        self._close_code = self._close_code or code
        self._texts.clear()
        self._held.clear()
        if self._writing:
            # One that has not begun never comes to its end, where it would be let go of.
            self._writing.cancel()
            self._writing = None
        self._make_room()
        return self._close_code

    def _write_on(self) -> None:
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        try:
            while self._texts:
                await self._send({"type": "websocket.send", "text": self._texts.pop(0)})
                if self._room and not self.crowded:
                    self._make_room()
            if self._close_code is not None:
                await self._send({"type": "websocket.close", "code": self._close_code})
        except Exception:
            # The servers raise different things on a socket that has gone; what it missed is in the database.
            self._texts.clear()
        finally:
            self._writing = None
            self._make_room()

    def _make_room(self) -> None:
        if self._room and not self._room.done():
            self._room.set_result(None)
        self._room = None
