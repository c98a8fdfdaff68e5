"""`connect`: what a socket hears before it says anything."""

import json

from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.case import SocketTest


class ASocketIsGreeted(SocketTest):
    async def test_the_first_frame_is_the_documents_to_the_letter(self) -> None:
        async with connect(self.deployment.next_server().url) as socket:
            heard = await socket.recv()
        self.assertIsInstance(heard, str)
        self.assertEqual(json.loads(heard), {"code": 0, "msg": "连接成功", "query": "connect"})

    async def test_nothing_follows_until_the_client_speaks(self) -> None:
        client = await self.connect()
        self.assertEqual(await client.pending(), [])

    async def test_a_slash_behind_the_path_changes_nothing(self) -> None:
        async with connect(self.deployment.next_server().url + "/") as socket:
            self.assertEqual(json.loads(await socket.recv())["query"], "connect")

    async def test_a_browser_may_come_from_any_page_since_the_socket_reads_no_cookies(self) -> None:
        async with connect(self.deployment.next_server().url, origin="https://elsewhere.example") as socket:  # type: ignore[arg-type]  # Origin is a NewType of str
            self.assertEqual(json.loads(await socket.recv())["query"], "connect")


class AnotherPathIsNoSocket(SocketTest):
    async def test_the_handshake_is_refused(self) -> None:
        with self.assertRaises(InvalidStatus) as refused:
            await connect(self.deployment.next_server().url + "/other")
        self.assertEqual(refused.exception.response.status_code, 403)
