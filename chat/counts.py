"""What this process has done so far, in plain numbers. `chat.metrics` shows them to whoever watches.

Counting is on the way of every frame, so it is no more than an addition there, and one observation for each batch.
"""

from bisect import bisect_left
from collections import Counter
from time import perf_counter

from accounts.refusals import Reason


class Histogram:
    """How often values fell within each of some bounds."""

    def __init__(self, *bounds: float) -> None:
        """`bounds` are the largest values of each range, growing; one more range takes what is above."""
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float, times: int = 1) -> None:
        """Count the value, `times` over."""
        self.counts[bisect_left(self.bounds, value)] += times
        self.sum += value * times

    def timed(self) -> "Timed":
        """Count the seconds that a `with` block takes, however it ends."""
        return Timed(self)


class Timed:
    """What `Histogram.timed` returns; a generator would cost several times as much."""

    __slots__ = ("_histogram", "_start")

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram

    def __enter__(self) -> None:
        self._start = perf_counter()

    def __exit__(self, *reason: object) -> None:
        self._histogram.observe(perf_counter() - self._start)


SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Counts:
    """Everything that is counted; nothing of it ever becomes less."""

    def __init__(self) -> None:
        self.frames: Counter[type | str] = Counter()
        """Frames from clients, by the type of their query; `ping`, and what refused frames are answered with."""
        self.refusals: Counter[Reason] = Counter()
        self.opened = 0
        """Sockets that have come."""
        self.closed: Counter[int] = Counter()
        """Sockets that have ended, by close code."""
        self.stored = 0
        """Messages that the writer has committed."""
        self.lost = 0
        self.unanswered = 0
        """Turns of other processes that were waited for in vain."""
        """Events that did not reach the other processes, since Redis was out of reach."""
        self.batches = Histogram(1, 2, 5, 10, 20, 50, 100, 200, 500)
        """Writes that shared a transaction."""
        self.commits = Histogram(*SECONDS)
        """Seconds of each transaction of the writer, failed ones included."""
        self.deliveries = Histogram(*SECONDS)
        """Seconds of each write from the writer's taking it until what came of it was handed out."""

    def batch(self, writes: int, messages: int, seconds: float) -> None:
        """A batch of the writer is over, and handed out; `messages` of its writes are stored messages."""
        self.stored += messages
        self.batches.observe(writes)
        self.deliveries.observe(seconds, writes)


counts = Counts()
"""Those of this process."""
