"""The board on which processes write who is online with them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol


class Board(Protocol):
    """What `Presence` needs of a board. Each call is one step: what it tells is true of no two processes at once."""

    reachable: bool
    """Whether the board has answered lately: without it nobody knows who is online elsewhere."""

    async def arrive(self, accounts: Sequence[int]) -> set[int]:
        """These are online in this process now; those of them that were online in none before."""

    async def leave(self, accounts: Sequence[int]) -> set[int]:
        """These are not online in this process any more; those of them that are online in none now."""

    async def online(self, accounts: Sequence[int]) -> set[int]:
        """Those of these that are online in any process."""

    async def renew(self, sockets: Mapping[int, int]) -> set[int]:
        """This process lives, and has so many sockets of each source.

        Those accounts that are online in none now, since their process no longer lives.
        """

    async def sockets_elsewhere(self) -> Counter[int]:
        """How many sockets of each source other processes had as they renewed last."""


class LocalBoard:
    """The board of the only process."""

    reachable = True

    def __init__(self) -> None:
        self._accounts: set[int] = set()

    async def arrive(self, accounts: Iterable[int]) -> set[int]:
        came = set(accounts) - self._accounts
        self._accounts |= came
        return came

    async def leave(self, accounts: Iterable[int]) -> set[int]:
        gone = self._accounts.intersection(accounts)
        self._accounts -= gone
        return gone

    async def online(self, accounts: Iterable[int]) -> set[int]:
        return self._accounts.intersection(accounts)

    async def renew(self, sockets: Mapping[int, int]) -> set[int]:
        return set()

    async def sockets_elsewhere(self) -> Counter[int]:
        return Counter()
