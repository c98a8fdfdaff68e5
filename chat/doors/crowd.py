"""How many sockets may be open in this process: from one address, and before they sign in."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from accounts.refusals import Reason, Refusal

PATIENCE = 10.0
"""Seconds after which somebody who was refused may try again."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A socket on which nobody has signed in yet; `turn_away` closes it."""

    address: str
    turn_away: Callable[[], None]


class Crowd:
    """Counts sockets by their address, and strangers besides. A limit of 0 is none."""

    def __init__(self, *, of_address: int, strangers: int, strangers_of_address: int) -> None:
        self._most_of_address = of_address
        self._most_strangers = strangers
        self._most_strangers_of_address = strangers_of_address
        self._addresses: Counter[str] = Counter()
        self._strangers_at: Counter[str] = Counter()
        self._strangers: dict[str, Stranger] = {}
        """By channel; whoever was silent for longest comes first."""

    def arrive(self, channel: str, stranger: Stranger) -> None:
        """A socket opens. Raises `Refusal` with `too_many_sockets` if its address has too many.

        Where only all strangers together are too many, the one that was silent for longest makes room: real clients
        sign in at once.
        """
        address = stranger.address
        if _full(self._addresses[address], self._most_of_address) or _full(
            self._strangers_at[address], self._most_strangers_of_address
        ):
            raise Refusal(Reason.TOO_MANY_SOCKETS, retry_after=PATIENCE)
        if _full(len(self._strangers), self._most_strangers):
            silent = next(iter(self._strangers))
            turned_away = self._strangers[silent]
            self.know(silent)
            turned_away.turn_away()
        self._addresses[address] += 1
        self._strangers_at[address] += 1
        self._strangers[channel] = stranger

    def heard_from(self, channel: str) -> None:
        """The stranger tries to sign in."""
        stranger = self._strangers.pop(channel, None)
        if stranger is not None:
            self._strangers[channel] = stranger

    def know(self, channel: str) -> None:
        """The socket is no stranger any more."""
        stranger = self._strangers.pop(channel, None)
        if stranger is not None:
            _one_fewer(self._strangers_at, stranger.address)

    def leave(self, channel: str, address: str) -> None:
        """A socket that had arrived has gone."""
        self.know(channel)
        _one_fewer(self._addresses, address)


def _full(count: int, most: int) -> bool:
    return bool(most) and count >= most


def _one_fewer(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
