"""`send`: one message from one account to another."""

from tests.case import SocketTest, text


class AMessageReachesItsRecipient(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.one = await self.signed_in("User1")
        self.two = await self.signed_in("User2")

    async def test_the_recipient_hears_it_with_its_id_and_time(self) -> None:
        receipt = await self.one.ask("send", account="User2", message=text("你好啊"))
        heard = await self.two.hear("user_message")
        self.assertEqual(heard["message_id"], receipt["message_id"])
        self.assertEqual(heard["data"]["account"], "User1")
        self.assertEqual(heard["data"]["message"], text("你好啊"))
        self.assertEqual(heard["data"]["created_at"], receipt["created_at"])

    async def test_the_receipt_comes_after_the_message_is_stored(self) -> None:
        receipt = await self.one.ask("send", account="User2", message=text("你好啊"))
        self.assertEqual([message.pk for message in self.world.messages()], [receipt["message_id"]])
