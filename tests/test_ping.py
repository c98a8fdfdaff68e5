"""`ping`: the literal text by which clients keep their socket alive."""

import asyncio

from tests.case import SocketTest
from tests.client import PATIENCE

PONG = {"code": 0, "msg": "pong", "query": "ping"}


class APingIsAnswered(SocketTest):
    async def test_with_a_frame_that_every_client_can_parse(self) -> None:
        self.world.account("User1")
        client = await self.signed_in("User1")
        await client.say("ping")
        self.assertEqual(await client.next(), PONG)

    async def test_before_signing_in_too(self) -> None:
        client = await self.connect()
        await client.say("ping")
        self.assertEqual(await client.next(), PONG)

    async def test_after_everything_that_was_asked_before_it(self) -> None:
        self.world.accounts("User1", "User2")
        client = await self.signed_in("User1")
        for number in range(5):
            await client.request("send", account="User2", message={"type": "txt", "content": f"{number}"})
        await client.say("ping")
        heard = [(await client.next())["query"] for _ in range(6)]
        self.assertEqual(heard, ["sync_read"] * 5 + ["ping"])


class OnlyTheLiteralTextIsAPing(SocketTest):
    async def test_anything_like_it_is_an_error(self) -> None:
        client = await self.connect()
        for text in ("PING", "ping\n", " ping", '"ping"', '{"query":"ping"}'):
            with self.subTest(text):
                await client.say(text)
                heard = await client.next()
                self.assertEqual((heard["code"], heard["query"]), (2, "error"))


class TheWebSocketProtocolsOwnPing(SocketTest):
    async def test_is_answered_by_the_server(self) -> None:
        client = await self.connect()
        await asyncio.wait_for(await client.socket.ping(), PATIENCE)
