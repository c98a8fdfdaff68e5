"""What a socket's client has sent and nobody has heard yet."""

import asyncio
from collections.abc import Callable
from typing import Any

Take = Callable[[str], bool]
"""Takes a text that needs not wait for anything, or returns False and leaves it."""
LISTEN = "chat.listen"
"""The key under which our servers put an inbox's `listen` into its socket's scope."""


class Inbox:
    """An `asyncio.Queue` for one consumer, which costs a third of it, and less where the consumer listens, too."""

    MOST = 32
    """Beyond so many frames the client should have to wait."""
    __slots__ = ("_arrived", "_frames", "_loop", "_take")

    def __init__(self) -> None:
        # A deque takes seven hundred bytes while it is empty, as nearly all are.
        self._frames: list[dict[str, Any]] = []
        self._arrived: asyncio.Future[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._take: Take | None = None

    def listen(self, take: Take | None) -> None:
        """Offer texts to `take` as they come, as long as the consumer waits for nothing else than the next one."""
        self._take = take

    def hear(self, text: str) -> None:
        """A text has come."""
        waits = self._arrived is not None and not self._arrived.done()
        if not (waits and self._take is not None and self._take(text)):
            self.put_nowait({"type": "websocket.receive", "text": text})

    def put_nowait(self, frame: dict[str, Any]) -> None:
        """Keep the frame until it is heard."""
        self._frames.append(frame)
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(None)

    async def get(self) -> dict[str, Any]:
        """The oldest frame, as soon as there is one."""
        while not self._frames:
            self._arrived = self._loop.create_future()
            await self._arrived
        return self._frames.pop(0)

    def empty(self) -> bool:
        return not self._frames

    def full(self) -> bool:
        return len(self._frames) >= self.MOST
