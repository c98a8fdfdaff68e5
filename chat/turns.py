"""Telling what was written in the order in which it was written, also where several processes write.

Within a process outcomes are handed out in the order of the commits. Where another process has written to the same
pair a moment before, its sockets may have heard of it while those here have not. So it is asked to say when it has told
everything of that turn; what it published before its answer arrives before it. Until then whatever this process has
to tell of the two accounts waits, and nothing else does. A pair that talks through one process asks nobody.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Any

from channels.layers import get_channel_layer

from chat.counts import counts
from chat.database.pairs import Pair, Turn
from chat.layers.local import LocalChannelLayer

logger = logging.getLogger(__name__)

PATIENCE = 0.5
"""Seconds for which another process may be silent: then it has ended, or Redis does not carry what it says."""


class Telling:
    """Something to tell, and of how many things it must not be told before."""

    __slots__ = ("number", "pair", "tell", "then", "waits")

    def __init__(self, pair: Pair, number: int, tell: Callable[[], None]) -> None:
        self.pair = pair
        self.number = number
        self.tell = tell
        self.waits = 0
        self.then: list[Telling] = []
        """What waits for this one."""

    def waits_for(self, other: "Telling") -> None:
        other.then.append(self)
        self.waits += 1


class Turns:
    """The turns of one event loop's writer. All methods are called on that loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._layer: LocalChannelLayer = get_channel_layer()
        self._channel = ""
        self._numbers = count(1)
        self._asked: dict[int, list[dict[str, Any]]] = {}
        """What other processes ask about turns that are not over, by their numbers."""
        self._last: dict[int, Telling] = {}
        """The last that waits to be told of an account."""
        self._waiting: dict[Pair, deque[Telling]] = {}
        self._keys = count(1)
        self._answers: dict[int, Telling] = {}
        """What waits for the answer of another process."""

    @property
    def open(self) -> bool:
        """Whether other processes can ask about these turns."""
        return self._channel != ""

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be told."""
        return not self._last

    async def begin(self) -> None:
        """Let other processes ask from now on."""
        channel = await self._layer.new_channel("turns")
        self._layer.listen(channel, self._on_message)
        self._channel = channel

    def next(self) -> Turn:
        """A new turn. It must be `over` once all that came of it was given to `tell`."""
        number = next(self._numbers)
        self._asked[number] = []
        return Turn(self._channel, number)

    def tell(self, turn: Turn, pair: Pair, before: Turn | None, tell: Callable[[], None]) -> None:
        """Call `tell`, which must not wait, once everything is told that must be told before.

        That is what this process still has to tell of either account, and what came of the turn `before`.
        """
        ahead = {self._last[account] for account in pair if account in self._last} if self._last else ()
        asks = before is not None and not self._layer.out_of_reach
        if not ahead and not asks:
            tell()
            return
        telling = Telling(pair, turn.number, tell)
        for other in ahead:
            telling.waits_for(other)
        self._last.update(dict.fromkeys(pair, telling))
        self._waiting.setdefault(pair, deque()).append(telling)
        if before is not None and asks:
            self._ask(before, telling)

    def over(self, turn: Turn) -> None:
        """All that came of it was given to `tell`."""
        for question in self._asked.pop(turn.number):
            self._reply(question)

    def _ask(self, before: Turn, telling: Telling) -> None:
        """Have it wait for the other process's answer, or for its silence."""
        key = next(self._keys)
        answer = self._answers[key] = Telling((0, 0), 0, _nothing)
        telling.waits_for(answer)
        self._loop.call_later(PATIENCE, self._unanswered, key)
        question = {"type": "asked", "pair": telling.pair, "number": before.number, "from": self._channel, "key": key}
        self._layer.post(before.process, question)

    def _on_message(self, message: dict[str, Any]) -> None:
        if message["type"] == "told":
            self._answered(message["key"])
        elif message["number"] in self._asked:
            self._asked[message["number"]].append(message)
        else:
            self._reply(message)

    def _answered(self, key: int) -> None:
        answer = self._answers.pop(key, None)
        if answer is not None:
            self._told(answer)

    def _unanswered(self, key: int) -> None:
        if key in self._answers:
            counts.unanswered += 1
            self._answered(key)

    def _reply(self, question: dict[str, Any]) -> None:
        """Say that all of the turn is told, once it is. What came later must not be waited for: it may wait itself."""

        def reply() -> None:
            self._layer.post(question["from"], {"type": "told", "key": question["key"]})

        waiting = self._waiting.get(tuple(question["pair"]), ())
        for telling in reversed(waiting):
            if telling.number <= question["number"]:
                Telling((0, 0), 0, reply).waits_for(telling)
                return
        reply()

    def _told(self, first: Telling) -> None:
        """It is told; and what waited for nothing else is now."""
        ready = deque(first.then)
        while ready:
            telling = ready.popleft()
            telling.waits -= 1
            if telling.waits:
                continue
            try:
                telling.tell()
            except Exception:
                logger.exception("what was written was not told")
            self._forget(telling)
            ready.extend(telling.then)

    def _forget(self, telling: Telling) -> None:
        for account in telling.pair:
            if self._last.get(account) is telling:
                del self._last[account]
        waiting = self._waiting.get(telling.pair)
        if waiting and waiting[0] is telling:
            waiting.popleft()
            if not waiting:
                del self._waiting[telling.pair]


def _nothing() -> None:
    """What an answer itself has to tell."""
