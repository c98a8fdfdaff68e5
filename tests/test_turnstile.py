"""Those who come are let through one at a time, and whoever is in already overtakes them."""

import asyncio
from functools import partial
from unittest import IsolatedAsyncioTestCase

from chat.doors.turnstile import Turnstile
from tests.case import SocketTest

HANDSHAKE = (
    "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n",
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
)


class OneAtATime(IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.turnstile = Turnstile(self.loop)
        self.seen: list[str] = []

    async def everybody(self) -> None:
        """Wait until all who wait now are through."""
        await self.turnstile.turn()

    async def test_in_the_order_of_coming(self) -> None:
        for name in "abc":
            self.turnstile.enter(partial(self.seen.append, name))
        self.assertEqual(self.seen, [])
        await self.everybody()
        self.assertEqual(self.seen, ["a", "b", "c"])
        self.assertEqual(self.turnstile.waiting, 0)

    async def test_and_a_frame_that_comes_meanwhile_is_heard_before_the_next(self) -> None:
        def frame_comes() -> None:
            self.seen.append("a")
            self.loop.call_soon(self.loop.call_soon, self.seen.append, "frame")

        self.turnstile.enter(frame_comes)
        self.turnstile.enter(partial(self.seen.append, "b"))
        await self.everybody()
        self.assertEqual(self.seen, ["a", "frame", "b"])

    async def test_and_nobody_while_others_are_busy(self) -> None:
        def idle() -> None:
            self.turnstile.busy = lambda: False
            self.seen.append("idle")

        self.turnstile.enter(partial(self.seen.append, "a"))
        await self.everybody()
        self.turnstile.busy = lambda: True
        self.turnstile.enter(partial(self.seen.append, "b"))
        for _ in range(3):
            self.loop.call_soon(self.seen.append, "other")
        self.loop.call_soon(idle)
        await self.everybody()
        self.assertEqual(self.seen, ["a", "other", "other", "other", "idle", "b"])

    async def test_but_each_in_the_end_however_busy_others_are(self) -> None:
        self.turnstile.busy = lambda: True
        for name in "abc":
            self.turnstile.enter(partial(self.seen.append, name))
        await self.everybody()
        self.assertEqual(self.seen, ["a", "b", "c"])

    async def test_and_one_who_stumbles_holds_nobody_up(self) -> None:
        told: list[BaseException | None] = []
        self.loop.set_exception_handler(lambda loop, context: told.append(context.get("exception")))
        self.turnstile.enter(partial(int, "stumbles"))
        self.turnstile.enter(partial(self.seen.append, "b"))
        await self.everybody()
        self.assertEqual(self.seen, ["b"])
        self.assertEqual([type(error) for error in told], [ValueError])

    async def test_and_one_who_has_gone_holds_nobody_up(self) -> None:
        gone = asyncio.ensure_future(self.turnstile.turn())
        await asyncio.wait([gone], timeout=0)
        gone.cancel()
        self.turnstile.enter(partial(self.seen.append, "b"))
        await self.everybody()
        self.assertEqual(self.seen, ["b"])


class AHandshakeInPieces(SocketTest):
    async def test_comes_in_as_a_whole_one_does(self) -> None:
        address = self.deployment.next_server().port
        reader, writer = await asyncio.open_connection("127.0.0.1", address)
        for piece in HANDSHAKE:
            writer.write(piece.encode())
            await writer.drain()
        self.assertIn(b" 101 ", await asyncio.wait_for(reader.readline(), 10))
        self.assertIn(b"websocket", (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)).lower())
        writer.close()
        await writer.wait_closed()

    async def test_that_is_given_up_half_way_leaves_the_door_open(self) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", self.deployment.next_server().port)
        writer.write(HANDSHAKE[0].encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        self.world.account("User1")
        self.assertEqual((await (await self.signed_in("User1")).ask("users"))["code"], 0)
