"""What sockets leave behind in circles is freed once enough of them have closed, and not before."""

import gc
import weakref
from unittest import IsolatedAsyncioTestCase

from chat import garbage
from chat.counts import counts


class Circle:
    """Something that only a look for garbage frees."""

    def __init__(self) -> None:
        self.itself = self


class WhatSocketsLeaveBehind(IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)
        self.close(garbage.FEWEST + counts.opened)
        await garbage.collect()
        self.left = weakref.ref(Circle())

    def close(self, sockets: int) -> None:
        counts.opened += sockets
        counts.closed[1000] += sockets

    async def test_stays_while_few_have_closed(self) -> None:
        self.close(garbage.FEWEST - 1)
        await garbage.collect()
        self.assertIsNotNone(self.left())

    async def test_is_freed_once_many_have_closed(self) -> None:
        self.close(garbage.FEWEST)
        await garbage.collect()
        self.assertIsNone(self.left())

    async def test_stays_while_more_are_open_than_have_closed(self) -> None:
        counts.opened += 2 * garbage.FEWEST
        self.close(garbage.FEWEST)
        await garbage.collect()
        self.assertIsNotNone(self.left())
        self.close(garbage.FEWEST)
        await garbage.collect()
        self.assertIsNone(self.left())
        counts.closed[1000] += 2 * garbage.FEWEST
