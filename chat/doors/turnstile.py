"""Where those who come wait for their turn, so that whoever is signed in already overtakes them.

A handshake takes the better part of a millisecond. When thousands come back at once, each would be dealt with as it
arrives, and a message of somebody who is signed in would wait for all of them.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from weakref import WeakKeyDictionary

PATIENCE = 0.005
"""Seconds after which the next one is let through even while others are busy: nobody waits outside for good."""
PAUSE = 0.001
"""Seconds after which it is seen whether others are still busy."""
TURNS = 2
"""Turns of the event loop that a frame takes from its socket to the writer; who waits here lets them pass."""


class Turnstile:
    """Lets one through at a time. All methods are called on the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: deque[Callable[[], object]] = deque()
        self._next_at = 0.0
        self.busy: Callable[[], bool] = lambda: False
        """Whether something is being done for those who are in."""

    @property
    def waiting(self) -> int:
        """Those who are not let through yet."""
        return len(self._waiting)

    def enter(self, step: Callable[[], object]) -> None:
        """Call `step` when it is its turn."""
        self._waiting.append(step)
        if len(self._waiting) == 1:
            self._let_others_pass(TURNS)

    async def turn(self) -> None:
        """Wait for one's turn."""
        future = self._loop.create_future()
        self.enter(partial(_pass, future))
        await future

    def _let_others_pass(self, turns: int) -> None:
        if turns:
            self._loop.call_soon(self._let_others_pass, turns - 1)
        elif self.busy() and self._loop.time() < self._next_at:
            self._loop.call_later(PAUSE, self._let_others_pass, TURNS)
        else:
            self._let_one_through()

    def _let_one_through(self) -> None:
        self._next_at = self._loop.time() + PATIENCE
        try:
            self._waiting[0]()
        finally:
            self._waiting.popleft()
            if self._waiting:
                self._let_others_pass(TURNS)


def _pass(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def asks_for_a_socket(data: bytes) -> bool:
    """Whether this is the beginning of a WebSocket's handshake."""
    return data.startswith(b"GET ") and b"websocket" in data.lower()


_turnstiles: WeakKeyDictionary[asyncio.AbstractEventLoop, Turnstile] = WeakKeyDictionary()


def current() -> Turnstile:
    """The turnstile of the running event loop."""
    loop = asyncio.get_running_loop()
    turnstile = _turnstiles.get(loop)
    if turnstile is None:
        turnstile = _turnstiles[loop] = Turnstile(loop)
    return turnstile
