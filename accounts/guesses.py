"""Wrong passwords: how many different ones somebody may try for one account.

They are counted by account and client address together. A stranger who guesses uses up the tries of the own address
and of no other, so that nobody can lock an account out; and the same wrong password again is no guess, so that a device
that keeps its old password takes no tries from the people beside it.
"""

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict

from accounts.throttle import Throttle

STRETCH = 600.0
"""Seconds for which tries are counted, and for which a right password is known again."""
REMEMBERED = 50_000


class Guesses:
    """The tries of everybody. `throttle` allows them by the keys that `key` makes."""

    def __init__(self, throttle: Throttle) -> None:
        self._throttle = throttle
        self._secret = secrets.token_bytes(32)
        self._seen: OrderedDict[bytes, tuple[float, bool]] = OrderedDict()

    def check(self, key: str, password: str) -> None:
        """Raise `Refusal` with `too_many_requests` if the tries are used up, unless this password was right lately."""
        until, right = self._seen.get(self._digest(key, password), (0.0, False))
        if not (right and until > time.monotonic()):
            self._throttle.check(key)

    def settle(self, key: str, password: str, right: bool) -> bool:
        """The password was compared. A wrong one is counted, unless it was tried before; returns whether it was."""
        digest = self._digest(key, password)
        until, was_right = self._seen.get(digest, (0.0, False))
        counted = not right and (was_right or until <= time.monotonic())
        if counted:
            self._throttle.count(key)
        self._seen[digest] = (time.monotonic() + STRETCH, right)
        self._seen.move_to_end(digest)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return counted

    def _digest(self, key: str, password: str) -> bytes:
        return hmac.digest(self._secret, f"{key}\0{password}".encode(), hashlib.sha256)


def key(*, appid: str, name: str, address: str) -> str:
    """Who is tried, from which network; the same whether there is such an account or not."""
    return hashlib.sha256(f"{appid}\0{name}\0{address}".encode()).hexdigest()[:32]
