"""How often something may be done: a bucket that holds a minute's worth and fills evenly."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from accounts.refusals import Reason, Refusal

REMEMBERED = 100_000
"""Buckets kept in memory; the one that was used longest ago makes room."""


class Throttle:
    """Allows `per_minute` uses for each key, all at once if need be; 0 allows everything."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = float(per_minute)
        self._rate = per_minute / 60
        self._clock = clock
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable) -> None:
        """Count one use. Raises `Refusal` with `too_many_requests` and the seconds to wait when the bucket is empty."""
        if not self._capacity:
            return
        now = self._clock()
        left, at = self._buckets.get(key, (self._capacity, now))
        left = min(self._capacity, left + (now - at) * self._rate)
        if left < 1:
            raise Refusal(Reason.TOO_MANY_REQUESTS, retry_after=(1 - left) / self._rate)
        self._buckets[key] = (left - 1, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
