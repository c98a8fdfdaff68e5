"""`leave_chats`: out of the room, after which messages wait again."""

import asyncio

from tests.case import SocketTest
from tests.client import PATIENCE, a_moment

DONE = {"code": 0, "msg": "操作成功", "query": "leave_chats"}


class LeavingTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "User3")
        self.server = self.deployment.servers[0]
        self.one = await self.signed_in("User1", self.server)
        self.two = await self.signed_in("User2", self.server)
        await self.one.ask("enter_chats", account="User2")

    async def leave(self, frame: str) -> None:
        await self.one.say(frame)
        self.assertEqual(await self.one.hear("leave_chats"), DONE)

    async def read(self) -> int:
        """What the receipt of a message from User2 to User1 says."""
        is_read: int = (await self.two.tell("User1", "在吗"))["data"]["is_read"]
        return is_read


class Leaving(LeavingTest):
    async def test_is_answered_with_the_protocols_frame_and_ends_the_reading(self) -> None:
        await self.leave('{"query":"leave_chats","data":{"account":"User2"}}')
        self.assertEqual(await self.read(), 0)
        self.assertEqual(self.world.recount("User1", "User2"), 1)

    async def test_without_a_name_leaves_the_room_in_which_the_socket_is(self) -> None:
        for frame in ('{"query":"leave_chats"}', '{"query":"leave_chats","data":{}}'):
            with self.subTest(frame):
                await self.one.ask("enter_chats", account="User2")
                await self.leave(frame)
                self.assertEqual(await self.read(), 0)

    async def test_another_room_than_ones_own_changes_nothing(self) -> None:
        await self.leave('{"query":"leave_chats","data":{"account":"User3"}}')
        self.assertEqual(await self.read(), 1)

    async def test_twice_is_harmless(self) -> None:
        await self.leave('{"query":"leave_chats","data":{"account":"User2"}}')
        await self.leave('{"query":"leave_chats","data":{"account":"User2"}}')
        self.assertEqual(await self.read(), 0)

    async def test_tells_nobody_else(self) -> None:
        await self.two.hear("sync_chat")
        await self.leave('{"query":"leave_chats","data":{"account":"User2"}}')
        self.assertEqual(await self.silence(self.two, "User2"), [])

    async def test_and_coming_back_reads_what_came_meanwhile(self) -> None:
        await self.leave('{"query":"leave_chats","data":{"account":"User2"}}')
        await self.read()
        answer = await self.one.ask("enter_chats", account="User2")
        self.assertEqual(answer["data"]["all_noread_nums"], 0)
        self.assertEqual(await self.read(), 1)


class HangingUp(LeavingTest):
    async def test_leaves_the_room(self) -> None:
        await self.one.socket.close()
        await self.read_no_more()

    async def test_without_a_word_leaves_the_room(self) -> None:
        self.one.socket.transport.abort()
        await self.read_no_more()

    async def read_no_more(self) -> None:
        """The server learns in its own time that the socket is gone; soon messages must not be read on arrival."""
        async with asyncio.timeout(PATIENCE):
            while await self.read():
                await a_moment()


class TwoSocketsInOneRoom(LeavingTest):
    async def test_read_until_the_last_has_left(self) -> None:
        other = await self.signed_in("User1", self.server)
        await other.ask("enter_chats", account="User2")
        await self.leave('{"query":"leave_chats","data":{"account":"User2"}}')
        self.assertEqual(await self.read(), 1)
        await other.ask("leave_chats", account="User2")
        self.assertEqual(await self.read(), 0)
