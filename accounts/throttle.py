"""How often something may be done: an allowance for a stretch of time, all at once if need be, that fills evenly.

Kept of each key is one number, the time at which its allowance will be whole again (the generic cell rate algorithm).
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from accounts.refusals import Reason, Refusal

REMEMBERED = 100_000
"""Keys kept in memory; the one that was used longest ago makes room."""
SHARE = 50
"""A process tells others of its uses once they are this part of an allowance."""

Key = int | str | tuple[int, int]


class Throttle:
    """Allows `uses` in each stretch of `seconds` for a key; 0 allows everything.

    It decides at once, by what this process knows. Where several processes share the limit, `tell` is called with a
    key and the number of uses that others have not heard of, and what they did meanwhile comes back through `learn`.
    """

    def __init__(
        self, name: str, uses: int, seconds: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self.step = seconds / uses if uses else 0.0
        """Seconds in which one use comes back."""
        self.tell: Callable[[Throttle, Key, int], None] | None = None
        self._stretch = seconds
        self._share = max(1, uses // SHARE)
        self._clock = clock
        self._keys: OrderedDict[Key, tuple[float, int]] = OrderedDict()

    def check(self, key: Key) -> None:
        """Raise `Refusal` with `too_many_requests` and the seconds to wait if the allowance is used up."""
        if not self.step:
            return
        known = self._keys.get(key)
        if known is not None:
            wait = known[0] + self.step - self._clock() - self._stretch
            # What was lost to rounding is no reason to wait.
            if wait > 1e-6:
                raise Refusal(Reason.TOO_MANY_REQUESTS, retry_after=wait)

    def count(self, key: Key) -> None:
        """Count one use, also beyond the allowance: then it takes the longer until there is one again."""
        if not self.step:
            return
        now = self._clock()
        whole_at, untold = self._keys.get(key, (now, 0))
        if whole_at <= now:
            # Whatever was used has come back meanwhile, so that nobody needs to hear of it.
            whole_at, untold = now, 0
        untold += 1
        tell = self.tell if untold >= self._share else None
        self._keep(key, whole_at + self.step, 0 if tell else untold)
        if tell:
            tell(self, key, untold)

    def take(self, key: Key) -> None:
        """`check` and `count`."""
        self.check(key)
        self.count(key)

    def learn(self, key: Key, seconds: float) -> None:
        """All processes together have used so much that the allowance will be whole in so many seconds."""
        now = self._clock()
        whole_at, untold = self._keys.get(key, (now, 0))
        self._keep(key, max(whole_at, now + seconds + untold * self.step), untold)

    def _keep(self, key: Key, whole_at: float, untold: int) -> None:
        self._keys[key] = (whole_at, untold)
        self._keys.move_to_end(key)
        if len(self._keys) > REMEMBERED:
            self._keys.popitem(last=False)
