"""The order in which a socket is told things."""

import asyncio
from typing import Any
from unittest import IsolatedAsyncioTestCase

from chat.sockets.outbox import Outbox


class AnAnswerThatIsBeingRead(IsolatedAsyncioTestCase):
    """It may show what was true before something happened that the socket is told of meanwhile."""

    def setUp(self) -> None:
        self.written: asyncio.Queue[Any] = asyncio.Queue()

    async def send(self, message: dict[str, Any]) -> None:
        self.written.put_nowait(message.get("text", message.get("code")))

    async def texts(self, count: int) -> list[Any]:
        return [await asyncio.wait_for(self.written.get(), 20) for _ in range(count)]

    async def test_stands_before_what_happened_while_it_was_read(self) -> None:
        outbox = Outbox(self.send, limit=10)
        outbox.tell("before")
        outbox.hold()
        outbox.tell("pinned")
        outbox.tell("read")
        outbox.put("the list")
        outbox.release()
        outbox.tell("after")
        self.assertEqual(await self.texts(5), ["before", "the list", "pinned", "read", "after"])

    async def test_stands_behind_what_it_includes_and_before_what_it_lacks(self) -> None:
        outbox = Outbox(self.send, limit=10)
        outbox.hold()
        outbox.tell("ann read")
        outbox.tell("ann 3", ("ann", 3))
        outbox.tell("bob 5", ("bob", 5))
        outbox.tell("ann 4", ("ann", 4))
        outbox.tell("cy 9", ("cy", 9))
        outbox.tell("ann read again")
        outbox.tell_what_is_in({"ann": 4, "bob": 2})
        outbox.put("the list")
        outbox.release()
        said = ["ann read", "ann 3", "ann 4", "the list", "bob 5", "cy 9", "ann read again"]
        self.assertEqual(await self.texts(7), said)

    async def test_keeps_no_more_waiting_than_the_outbox_may_hold(self) -> None:
        outbox = Outbox(self.send, limit=3)
        outbox.hold()
        for number in range(3):
            outbox.tell(str(number))
        self.assertEqual(outbox.waiting, 3)
        outbox.tell("one too many")
        self.assertEqual(await self.texts(1), [4408])

    async def test_does_not_keep_the_socket_from_being_closed(self) -> None:
        outbox = Outbox(self.send, limit=3)
        outbox.hold()
        outbox.tell("held back")
        outbox.close(4403)
        self.assertEqual(await self.texts(1), [4403])


class AnOutboxWhoseSocketIsGone(IsolatedAsyncioTestCase):
    async def send(self, message: dict[str, Any]) -> None:
        """Nobody hears it."""

    async def test_lets_go_of_who_waits_for_room_although_it_has_written_nothing_yet(self) -> None:
        outbox = Outbox(self.send, limit=3)

        async def fill() -> None:
            for number in range(3):
                outbox.put(str(number))
            await outbox.room()

        waiting = asyncio.create_task(fill())
        asyncio.get_running_loop().call_soon(outbox.drop)
        await asyncio.wait_for(waiting, 20)
        self.assertEqual(outbox.waiting, 0)
