"""Who asks for much over HTTP and takes it slowly, or not at all: others do not wait for them."""

import asyncio
import select
import socket
from pathlib import Path
from typing import ClassVar

from accounts.models import Scope
from chat.models import Message
from chat.uploads.naming import PLACE
from tests.case import OwnServerTest, SocketTest
from tests.client import PATIENCE, a_moment
from tests.http import Http, new_key
from tests.services import ChatServer

LARGE = 32 * 1024**2


def slow_reader(server: ChatServer, path: str, key: str = "") -> socket.socket:
    """Asks for the path and has read nothing of the answer."""
    connection = socket.socket()
    # So that little is under way before nothing more can be sent.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", server.port))
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\r\n"
    connection.sendall(head.encode())
    return connection


class WhoTakesNothing(OwnServerTest):
    deployments: ClassVar = ("daphne", "uvicorn")
    environment: ClassVar = {"CHAT_CUT_OFF_SECONDS": "1"}

    async def test_is_cut_off(self) -> None:
        name = f"file/2026/01/02/u-{'0' * 32}.bin"
        file = self.deployment.folder / PLACE / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as large:
            large.truncate(LARGE)
        connection = slow_reader(self.deployment.next_server(), f"/{PLACE}/{name}")
        self.addCleanup(connection.close)
        poller = select.poll()
        # That the connection has ended shows without reading from it; nothing else is asked for.
        poller.register(connection, 0)
        async with asyncio.timeout(PATIENCE):
            while not poller.poll(0):
                await a_moment()


class Exports(SocketTest):
    def much_was_said(self, mebibytes: int) -> None:
        self.world.accounts("User1", "User2")
        self.world.said("User1", "User2", {"type": "txt", "content": "你好"})
        first = self.world.messages().get()
        body = '{"type":"txt","content":"%s"}' % ("x" * 16_000)
        Message.objects.using(self.world.alias).bulk_create(
            Message(
                sender_id=first.sender_id,
                recipient_id=first.recipient_id,
                body=body,
                created_at=first.created_at,
            )
            for _ in range(mebibytes * 64)
        )

    async def test_that_nobody_reads_on_hold_neither_threads_nor_connections(self) -> None:
        self.much_was_said(6)
        key = new_key(self.world, *Scope)[1]
        server = self.deployment.servers[0]
        before = self.threads(server)
        for _ in range(20):
            connection = slow_reader(server, "/api/messages/", key)
            self.addCleanup(connection.close)
            # The beginning of the answer.
            await asyncio.to_thread(connection.recv, 100)
        one = await self.signed_in("User1", server)
        self.assertEqual((await one.ask("users"))["code"], 0)
        answer = await asyncio.to_thread(Http(server, key), "GET", "/api/accounts/")
        self.assertEqual(answer.status, 200)
        self.assertLess(self.threads(server) - before, 20)

    def threads(self, server: ChatServer) -> int:
        return len(list(Path(f"/proc/{server.program.process.pid}/task").iterdir()))

    async def test_that_fail_in_the_middle_end_there(self) -> None:
        # More than is read in one go.
        self.much_was_said(4)
        last = self.world.messages().last()
        assert last is not None
        self.world.messages().filter(pk=last.pk).update(body="no JSON")
        key = new_key(self.world, *Scope)[1]
        server = self.deployment.servers[0]
        with slow_reader(server, "/api/messages/", key) as connection:
            heard = await asyncio.to_thread(self.all_of, connection)
        self.assertTrue(heard.startswith(b"HTTP/1.1 200"))
        self.assertNotIn(b"\r\n0\r\n\r\n", heard)

    def all_of(self, connection: socket.socket) -> bytes:
        connection.settimeout(PATIENCE)
        heard = b""
        try:
            while some := connection.recv(2**20):
                heard += some
        except ConnectionResetError:
            pass
        return heard
