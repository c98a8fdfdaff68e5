"""The writes of one socket that are on their way to the disk."""

import asyncio

MOST = 100


class InFlight:
    """Counts writes, so that what must come after them can wait."""

    __slots__ = ("_count", "_until", "_waiting")

    def __init__(self) -> None:
        self._count = 0
        self._waiting: asyncio.Future[None] | None = None
        self._until = 0

    @property
    def full(self) -> bool:
        """Whether another write must wait."""
        return self._count >= MOST

    def started(self) -> None:
        self._count += 1

    def finished(self) -> None:
        self._count -= 1
        if self._waiting and self._count <= self._until:
            if not self._waiting.done():
                self._waiting.set_result(None)
            self._waiting = None

    async def room(self) -> None:
        """Wait until another write may be on its way."""
        await self._at_most(MOST - 1)

    async def none(self) -> None:
        """Wait until every write has its outcome."""
        await self._at_most(0)

    async def _at_most(self, count: int) -> None:
        if self._count > count:
            self._until = count
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
