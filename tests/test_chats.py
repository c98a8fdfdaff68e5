"""`chats`: the newest messages of a conversation."""

import asyncio

from tests.case import SocketTest, text


class TheNewestMessages(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.account("User1", nickname="张三", avatar="path/to/1.jpg")
        self.world.account("User2", nickname="李四", avatar="path/to/2.jpg")
        self.one = await self.signed_in("User1")
        self.two = await self.signed_in("User2")

    async def test_are_twenty_from_the_oldest_to_the_newest(self) -> None:
        ids = await self.one.tell_all("User2", (f"第{number}句" for number in range(23)))
        data = (await self.one.ask("chats", account="User2"))["data"]
        self.assertEqual([item["id"] for item in data["list"]], ids[-20:])
        self.assertEqual(data["list"][-1]["message"], text("第22句"))
        self.assertTrue(data["has_more"])

    async def test_come_with_both_sides_names_and_pictures(self) -> None:
        data = (await self.one.ask("chats", account="User2"))["data"]
        del data["list"], data["has_more"]
        mine = {"target_account": "User2", "target_nickname": "李四", "target_avatar": "path/to/2.jpg"}
        self.assertEqual(data, {**mine, "my_avatar": "path/to/1.jpg"})

    async def test_each_hold_what_the_receipt_told(self) -> None:
        receipt = await self.one.tell("User2", "你好啊")
        items = (await self.two.ask("chats", account="User1"))["data"]["list"]
        expected = {
            "id": receipt["message_id"],
            "message_id": receipt["message_id"],
            "from_account": "User1",
            "to_account": "User2",
            "message": text("你好啊"),
            "is_read": 0,
            "created_at": receipt["created_at"],
        }
        self.assertEqual(items, [expected])

    async def test_are_the_same_for_both_sides(self) -> None:
        for turn in range(3):
            await self.one.tell("User2", f"问{turn}")
            await self.two.tell("User1", f"答{turn}")
        mine = (await self.one.ask("chats", account="User2"))["data"]["list"]
        theirs = (await self.two.ask("chats", account="User1"))["data"]["list"]
        self.assertEqual(mine, theirs)
        self.assertEqual([item["from_account"] for item in mine], ["User1", "User2"] * 3)

    async def test_are_not_read_by_being_fetched(self) -> None:
        await self.one.tell("User2", "你好")
        await self.two.ask("chats", account="User1")
        self.assertEqual((await self.one.ask("chats", account="User2"))["data"]["list"][0]["is_read"], 0)

    async def test_are_read_once_their_recipient_has_been_in_the_room(self) -> None:
        await self.one.tell("User2", "问")
        await self.two.tell("User1", "答")
        await self.two.ask("enter_chats", account="User1")
        items = (await self.one.ask("chats", account="User2"))["data"]["list"]
        self.assertEqual([item["is_read"] for item in items], [1, 0])


class AConversationWithoutMessages(SocketTest):
    async def test_is_an_empty_list(self) -> None:
        self.world.accounts("User1", "User2")
        one = await self.signed_in("User1")
        data = (await one.ask("chats", account="User2"))["data"]
        self.assertEqual((data["list"], data["has_more"]), ([], False))

    async def test_does_not_come_into_being_by_being_looked_at(self) -> None:
        self.world.accounts("User1", "User2")
        one = await self.signed_in("User1")
        await one.ask("chats", account="User2")
        self.assertFalse(self.world.conversations().exists())


class AnAccountThatThereIsNot(SocketTest):
    async def test_is_an_error(self) -> None:
        self.world.account("User1")
        one = await self.signed_in("User1")
        self.assert_refused(await one.ask("chats", account="Nobody"), "unknown_account", "chats")


class TheNewestMessagesWhileOthersArrive(SocketTest):
    """What a client shows that draws the answer anew, and adds each message that it hears of after it."""

    async def test_hold_what_was_heard_before_and_nothing_that_is_heard_after(self) -> None:
        self.world.accounts("User1", "User2")
        server = self.deployment.next_server()
        one, two = await self.signed_in("User1", server), await self.signed_in("User2", server)
        said = asyncio.create_task(two.tell_all("User1", map(str, range(500))))
        newest, again = 0, []
        while not said.done():
            await one.request("chats", account="User2")
            while (heard := await one.next())["query"] != "chats":
                if heard["message_id"] <= newest:
                    again.append(heard["message_id"])
            newest = max((item["id"] for item in heard["data"]["list"]), default=0)
        self.assertEqual(again, [])
