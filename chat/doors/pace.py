"""How many frames a socket may send: ten seconds' worth at once, and then no more until these seconds are over."""

import math
import time
from collections.abc import Callable

STRETCH = 10.0
"""Seconds for which an allowance is given."""


class Pace:
    """One socket's allowance. The clock is read only when it is used up, since this is on the way of every frame."""

    __slots__ = ("_allowance", "_clock", "_since", "left")

    def __init__(self, per_second: int, clock: Callable[[], float] = time.monotonic) -> None:
        """0 allows everything."""
        self._clock = clock
        self._allowance = per_second * STRETCH or math.inf
        self._since = clock()
        self.left = self._allowance
        """Frames that may still come: whoever counts one takes 1 away, and asks `pause` when it is below 0."""

    def pause(self) -> float:
        """Begin another stretch, of which a frame is used; the seconds to wait before it, 0 if enough have passed."""
        now = self._clock()
        over = self._since + STRETCH
        self._since = max(now, over)
        self.left = self._allowance - 1
        return max(0.0, over - now)
