"""Limits: those that can be switched off, and what becomes of a client too slow to take what it is sent."""

import asyncio
import select
import socket
from typing import ClassVar

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.case import OwnServerTest, SocketTest, text
from tests.client import PATIENCE, Client, a_moment
from tests.pages import fetch, metrics


class RateLimitsSwitchedOff(SocketTest):
    # The shared servers run with CHAT_LIMITS=0; that it means no limit at all is no matter of the server.
    deployments: ClassVar = ("uvicorn",)

    async def test_let_an_account_send_more_than_the_default_of_a_minute(self) -> None:
        self.world.accounts("User1", "User2")
        one = await self.signed_in("User1")
        ids = await one.tell_all("User2", (f"第{number}句" for number in range(620)))
        self.assertEqual(len(set(ids)), 620)


class SizesSwitchedOff(OwnServerTest):
    environment: ClassVar = {"CHAT_FRAME_BYTES": "0", "CHAT_BODY_BYTES": "0"}

    async def test_let_a_large_body_pass(self) -> None:
        self.world.accounts("User1", "User2")
        one = await self.signed_in("User1")
        answer = await one.ask("send", account="User2", message={"type": "note", "content": "x" * 200_000})
        self.assertEqual(answer["code"], 0)


class OtherSizes(OwnServerTest):
    environment: ClassVar = {"CHAT_FRAME_BYTES": "300", "CHAT_BODY_BYTES": "100"}

    async def test_are_in_force(self) -> None:
        self.world.accounts("User1", "User2")
        one = await self.signed_in("User1")
        body = await one.ask("send", account="User2", message={"type": "note", "content": "x" * 100})
        self.assert_refused(body, "message_too_large", "send")
        await one.say('{"query":"users","x":"' + "x" * 300 + '"}')
        self.assert_refused(await one.next(), "frame_too_large", "error")


class SlowClient(Client):
    """Reads nothing until it is asked to, so that the server's way to it fills up."""

    async def __aenter__(self) -> "Client":
        # Who reads nothing never hears the other side's goodbye.
        self._socket = await connect(self.url, compression=None, max_size=None, max_queue=1, close_timeout=0)
        return self


class DeafClient(Client):
    """Speaks on a connection of which somebody else holds the end as well."""

    def __init__(self, url: str, connection: socket.socket) -> None:
        super().__init__(url)
        self._connection = connection

    async def __aenter__(self) -> "Client":
        self._socket = await connect(
            self.url, sock=self._connection.dup(), compression=None, max_size=None, max_queue=1, close_timeout=0
        )
        return self


class FloodTest(OwnServerTest):
    async def send_large(self, one: Client, count: int) -> list[dict[str, int]]:
        asked = [await one.request("send", account="User2", message=text("长" * 5000)) for _ in range(count)]
        return [await one.answer(seq) for seq in asked]


class AClientTooSlow(FloodTest):
    deployments: ClassVar = ("daphne", "uvicorn")
    environment: ClassVar = {"CHAT_OUTBOX_FRAMES": "100"}

    async def test_is_closed_and_nobody_else_waits_for_it(self) -> None:
        self.world.accounts("User1", "User2")
        slow = await self.enterAsyncContext(SlowClient(self.deployment.next_server().url))
        await slow.sign_in(self.world.appid, "User2", "123456")
        quick = await self.signed_in("User2")
        one = await self.signed_in("User1")
        # Far more than the buffers of the operating system hold.
        ids: list[int] = []
        for _ in range(15):
            ids += [receipt["message_id"] for receipt in await self.send_large(one, 50)]
            heard = [await quick.hear("user_message") for _ in range(50)]
            self.assertEqual([frame["message_id"] for frame in heard], ids[-50:])
        with self.assertRaises(ConnectionClosed) as closed:
            while True:
                await slow.next_text()
        assert closed.exception.rcvd is not None
        self.assertEqual(closed.exception.rcvd.code, 4408)
        back = await self.signed_in("User2")
        self.assertEqual((await back.ask("users"))["data"][0]["noread_nums"], len(ids))


class AClientThatNeverReadsAgain(FloodTest):
    environment: ClassVar = {"CHAT_OUTBOX_FRAMES": "100", "CHAT_CUT_OFF_SECONDS": "1"}

    async def test_is_cut_off_and_nobody_else_waits_for_it(self) -> None:
        self.world.accounts("User1", "User2")
        with socket.socket() as connection:
            # So that little is under way before nothing more can be sent.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", self.deployment.servers[0].port))
            deaf = await self.enterAsyncContext(DeafClient(self.deployment.servers[0].url, connection))
            await deaf.sign_in(self.world.appid, "User2", "123456")
            deaf.socket.transport.pause_reading()
            one = await self.signed_in("User1")
            poller = select.poll()
            # That the connection has ended shows without reading from it; nothing else is asked for.
            poller.register(connection, 0)
            async with asyncio.timeout(PATIENCE):
                while not poller.poll(0):
                    await self.send_large(one, 10)
        self.assertEqual((await one.tell("User2", "在吗"))["code"], 0)
        await self.assert_counted()

    async def assert_counted(self) -> None:
        """The end is counted as that of a client that was too slow."""
        url = f"{self.deployment.servers[0].pages}/metrics"
        async with asyncio.timeout(PATIENCE):
            while metrics((await asyncio.to_thread(fetch, url)).body)["chat_sockets_closed_total 4408"] != 1:
                await a_moment()
