"""`enter_chats`: going into the room with somebody, where what they send is read as it arrives."""

from typing import ClassVar

from tests.case import SocketTest
from tests.client import Client


class RoomTest(SocketTest):
    """User1 reads, User2 writes, User3 is somebody else who writes to User1."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "User3")
        # One server: within a process a receipt knows at once whether the message is read.
        self.server = self.deployment.servers[0]
        self.one = await self.signed_in("User1", self.server)
        self.two = await self.signed_in("User2", self.server)

    async def enter(self, client: Client, account: str) -> int:
        """Enter, and return the total of unread messages that is told."""
        answer = await client.ask("enter_chats", account=account)
        self.assertEqual((answer["code"], answer["query"]), (0, "sync_all_noread_nums"))
        total: int = answer["data"]["all_noread_nums"]
        return total

    async def read(self) -> int:
        """What the receipt of a message from User2 to User1 says."""
        is_read: int = (await self.two.tell("User1", "在吗"))["data"]["is_read"]
        return is_read


class Entering(RoomTest):
    async def test_reads_everything_that_the_other_has_sent(self) -> None:
        await self.two.tell_all("User1", "一二三")
        await self.enter(self.one, "User2")
        items = (await self.two.ask("chats", account="User1"))["data"]["list"]
        self.assertEqual([item["is_read"] for item in items], [1, 1, 1])
        self.assertEqual((await self.one.ask("users"))["data"][0]["noread_nums"], 0)
        self.assertEqual(self.world.recount("User1", "User2"), 0)

    async def test_reads_nothing_that_oneself_has_sent(self) -> None:
        await self.one.tell("User2", "你好")
        await self.enter(self.one, "User2")
        self.assertEqual((await self.one.ask("chats", account="User2"))["data"]["list"][0]["is_read"], 0)

    async def test_tells_the_total_that_is_left_to_all_sockets_of_the_reader(self) -> None:
        three = await self.signed_in("User3", self.server)
        await self.two.tell_all("User1", "一二三")
        await three.tell_all("User1", "四五")
        other = await self.signed_in("User1")
        self.assertEqual(await self.enter(self.one, "User2"), 2)
        told = await other.hear("sync_all_noread_nums")
        expected = {"account": "User1", "all_noread_nums": 2, "chat_account": "User2"}
        self.assertEqual((told["data"], "seq" in told), (expected, False))

    async def test_tells_all_sockets_of_the_other_that_one_came(self) -> None:
        second = await self.signed_in("User2")
        await self.enter(self.one, "User2")
        for socket in (self.two, second):
            told = await socket.hear("sync_chat")
            self.assertEqual(told["data"], {"account": "User2", "chat_account": "User1"})

    async def test_a_conversation_without_messages_is_possible(self) -> None:
        self.assertEqual(await self.enter(self.one, "User2"), 0)
        self.assertEqual(await self.read(), 1)

    async def test_an_unknown_account_or_ones_own_is_refused(self) -> None:
        self.assert_refused(await self.one.ask("enter_chats", account="Nobody"), "unknown_account", "enter_chats")
        self.assert_refused(await self.one.ask("enter_chats", account="User1"), "own_account", "enter_chats")


class WhileInTheRoom(RoomTest):
    async def test_what_the_other_sends_is_read_on_arrival_and_never_counts(self) -> None:
        await self.enter(self.one, "User2")
        self.assertEqual(await self.read(), 1)
        self.assertEqual((await self.one.hear("user_message"))["data"]["is_read"], 1)
        self.assertEqual((await self.one.ask("users"))["data"][0]["noread_nums"], 0)
        self.assertEqual((await self.two.ask("chats", account="User1"))["data"]["list"][0]["is_read"], 1)

    async def test_it_counts_for_all_sockets_of_the_reader(self) -> None:
        other = await self.signed_in("User1", self.server)
        await self.enter(other, "User2")
        await self.read()
        self.assertEqual((await self.one.ask("users"))["data"][0]["noread_nums"], 0)

    async def test_what_others_send_waits(self) -> None:
        await self.enter(self.one, "User2")
        three = await self.signed_in("User3", self.server)
        self.assertEqual((await three.tell("User1", "在吗"))["data"]["is_read"], 0)

    async def test_what_oneself_sends_waits_for_the_other(self) -> None:
        await self.enter(self.one, "User2")
        self.assertEqual((await self.one.tell("User2", "在吗"))["data"]["is_read"], 0)

    async def test_both_in_the_room_read_both_ways(self) -> None:
        await self.enter(self.one, "User2")
        await self.enter(self.two, "User1")
        self.assertEqual(await self.read(), 1)
        self.assertEqual((await self.one.tell("User2", "在"))["data"]["is_read"], 1)


class EnteringAnotherRoom(RoomTest):
    async def test_leaves_the_first(self) -> None:
        await self.enter(self.one, "User2")
        await self.enter(self.one, "User3")
        self.assertEqual(await self.read(), 0)

    async def test_on_another_socket_leaves_nothing(self) -> None:
        other = await self.signed_in("User1", self.server)
        await self.enter(self.one, "User2")
        await self.enter(other, "User3")
        self.assertEqual(await self.read(), 1)
        three = await self.signed_in("User3", self.server)
        self.assertEqual((await three.tell("User1", "在吗"))["data"]["is_read"], 1)

    async def test_that_does_not_exist_leaves_one_where_one_was(self) -> None:
        await self.enter(self.one, "User2")
        await self.one.ask("enter_chats", account="Nobody")
        self.assertEqual(await self.read(), 1)

    async def test_twice_the_same_is_left_with_one_leave(self) -> None:
        await self.enter(self.one, "User2")
        await self.enter(self.one, "User2")
        await self.one.ask("leave_chats", account="User2")
        self.assertEqual(await self.read(), 0)


class ReaderAndSenderOnDifferentProcesses(SocketTest):
    deployments: ClassVar = ("grown-up",)

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        here, there = self.deployment.servers
        self.one = await self.signed_in("User1", there)
        self.two = await self.signed_in("User2", here)
        await self.one.ask("enter_chats", account="User2")

    async def test_a_receipt_with_0_is_followed_by_one_with_1(self) -> None:
        receipt = await self.two.tell("User1", "在吗")
        self.assertEqual(receipt["data"]["is_read"], 0)
        later = await self.two.hear("sync_read")
        self.assertEqual(later["message_id"], receipt["message_id"])
        self.assertEqual(later["data"], {"account": "User2", "chat_account": "User1", "is_read": 1})
        self.assertEqual((await self.two.ask("chats", account="User1"))["data"]["list"][0]["is_read"], 1)

    async def test_that_is_said_once_however_many_sockets_are_in_the_room(self) -> None:
        second = await self.signed_in("User1", self.deployment.servers[1])
        await second.ask("enter_chats", account="User2")
        await self.two.pending()
        receipt = await self.two.tell("User1", "在吗")
        heard = await self.silence(self.two, "User2")
        read = [frame["message_id"] for frame in heard if frame["query"] == "sync_read"]
        self.assertEqual(read, [receipt["message_id"]])

    async def test_the_readers_total_is_put_right(self) -> None:
        other = await self.signed_in("User1", self.deployment.servers[0])
        await self.two.tell("User1", "在吗")
        for socket in (self.one, other):
            told = await socket.hear("sync_all_noread_nums", chat_account="User2", all_noread_nums=0)
            self.assertNotIn("seq", told)
        self.assertEqual((await self.one.ask("users"))["data"][0]["noread_nums"], 0)

    async def test_after_many_messages_the_last_word_is_that_all_are_read(self) -> None:
        ids = await self.two.tell_all("User1", (f"第{number}句" for number in range(50)))
        while (await self.two.hear("sync_read", is_read=1))["message_id"] < ids[-1]:
            pass
        self.assertEqual(self.world.view("User1", "User2").unread, 0)
        self.assertEqual(self.world.recount("User1", "User2"), 0)

    async def test_nothing_is_told_to_be_read_once_the_reader_has_left(self) -> None:
        await self.one.ask("leave_chats", account="User2")
        await self.two.tell("User1", "在吗")
        heard = await self.silence(self.two, "User2")
        self.assertEqual([frame["query"] for frame in heard], ["sync_chat"])
        self.assertEqual(self.world.view("User1", "User2").unread, 1)
