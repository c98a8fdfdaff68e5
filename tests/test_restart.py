"""The end of a server, sudden or orderly, and its return."""

import asyncio
import signal
from typing import ClassVar

from websockets.exceptions import ConnectionClosed

from tests.case import OwnServerTest, text
from tests.client import Client, Heard

MOST = 400
"""Messages of a test, at most."""


class RestartTest(OwnServerTest):
    deployments: ClassVar = ("daphne", "uvicorn")
    alone = True

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.server = self.deployment.servers[0]
        self.one = await self.signed_in("User1")

    async def send(self, client: Client, number: int) -> None:
        await client.request("send", account="User2", message=text(f"{number}"), client_id=f"{number}")

    async def heard_until_the_end(self, client: Client) -> list[Heard]:
        while True:
            try:
                client.heard.append(await client.next())
            except ConnectionClosed:
                return client.heard

    async def talk(self, client: Client) -> list[Heard]:
        """The whole conversation with User2, from its beginning."""
        items: list[Heard] = []
        for _ in range(MOST // 100):
            after = items[-1]["id"] if items else 0
            page = (await client.ask("history_chats", account="User2", after_id=after, limit=100))["data"]
            items += page["list"]
        self.assertFalse(page["has_more"])
        return items


class AServerThatIsKilled(RestartTest):
    async def test_has_everything_that_it_gave_a_receipt_for_in_order_and_nothing_twice(self) -> None:
        sent = 300
        for number in range(sent):
            await self.send(self.one, number)
        # By now some have their receipts, some are being stored, and some are still on their way.
        await self.one.hear("sync_read")
        self.server.program.signal(signal.SIGKILL)
        receipts = {
            frame["data"]["client_id"]: frame["message_id"]
            for frame in await self.heard_until_the_end(self.one)
            if frame["query"] == "sync_read"
        }
        self.server.stop()
        self.server.start_again()
        back = await self.signed_in("User1")
        stored = await self.talk(back)
        ids = {item["message"]["content"]: item["id"] for item in stored}
        self.assertEqual(list(ids), [f"{number}" for number in range(len(stored))])
        self.assertEqual(receipts, {name: ids.get(name) for name in receipts})
        for number in range(sent):
            await self.send(back, number)
        await back.pending()
        again = await self.talk(back)
        self.assertEqual([item["message"]["content"] for item in again], [f"{number}" for number in range(sent)])
        self.assertEqual(again[: len(stored)], stored)
        self.assertEqual(self.world.recount("User2", "User1"), self.world.view("User2", "User1").unread)

    async def test_is_served_again_under_the_same_address(self) -> None:
        await self.one.tell("User2", "从前")
        self.server.program.signal(signal.SIGKILL)
        self.server.stop()
        self.server.start_again()
        two = await self.signed_in("User2")
        self.assertEqual((await two.ask("users"))["data"][0]["noread_nums"], 1)
        back = await self.signed_in("User1")
        await back.tell("User2", "如今")
        self.assertEqual((await two.hear("user_message"))["data"]["message"], text("如今"))


class AServerThatIsAskedToEnd(RestartTest):
    async def test_closes_every_socket_with_1012(self) -> None:
        sockets = [self.one, await self.signed_in("User2"), await self.connect()]
        self.server.program.signal(signal.SIGTERM)
        codes = await asyncio.gather(*(socket.closed() for socket in sockets))
        self.assertEqual(codes, [1012, 1012, 1012])
        self.server.program.wait()

    async def test_has_everything_that_it_gave_a_receipt_for(self) -> None:
        for number in range(200):
            await self.send(self.one, number)
        await self.one.hear("sync_read")
        self.server.program.signal(signal.SIGTERM)
        heard = await self.heard_until_the_end(self.one)
        receipts = {frame["message_id"] for frame in heard if frame["query"] == "sync_read"}
        self.server.program.wait()
        self.assertLessEqual(receipts, {message.pk for message in self.world.messages()})
