"""The notification conversation, of type -1 in the list: what an app tells its accounts."""

from tests.case import SocketTest, text


class NotificationTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.notifier = self.world.notification.name
        self.stored = [self.world.notify("User1", "欢迎"), self.world.notify("User1", "今日满减")]
        self.one = await self.signed_in("User1")


class TheConversation(NotificationTest):
    async def test_stands_in_the_list_with_type_minus_1(self) -> None:
        await self.one.tell("User2", "你好")
        rows = {row["account"]: row for row in (await self.one.ask("users"))["data"]}
        row = rows[self.notifier]
        self.assertEqual((row["type"], row["nickname"], row["last_msg"]), (-1, "通知", "今日满减"))
        self.assertEqual((rows["User2"]["type"], row["noread_nums"]), (1, 2))

    async def test_can_be_read_as_any_other(self) -> None:
        for query in ("chats", "history_chats"):
            data = (await self.one.ask(query, account=self.notifier))["data"]
            self.assertEqual([item["id"] for item in data["list"]], [message.pk for message in self.stored])
            self.assertEqual((data["target_account"], data["target_nickname"]), (self.notifier, "通知"))
            self.assertEqual(data["list"][0]["message"], text("欢迎"))

    async def test_is_read_by_entering_it(self) -> None:
        answer = await self.one.ask("enter_chats", account=self.notifier)
        self.assertEqual(answer["data"]["all_noread_nums"], 0)
        items = (await self.one.ask("chats", account=self.notifier))["data"]["list"]
        self.assertEqual([item["is_read"] for item in items], [1, 1])

    async def test_counts_in_the_total(self) -> None:
        await self.one.tell("User2", "你好")
        answer = await self.one.ask("enter_chats", account="User2")
        self.assertEqual(answer["data"]["all_noread_nums"], 2)

    async def test_can_be_pinned(self) -> None:
        await self.one.ask("top", account=self.notifier, operation="set")
        await self.one.tell("User2", "你好")
        self.assertEqual((await self.one.ask("users"))["data"][0]["account"], self.notifier)

    async def test_can_be_deleted_until_the_next_notification(self) -> None:
        await self.one.ask("chat_delete", account=self.notifier)
        self.assertEqual((await self.one.ask("users"))["data"], [])
        later = self.world.notify("User1", "明日包邮")
        items = (await self.one.ask("chats", account=self.notifier))["data"]["list"]
        self.assertEqual([item["id"] for item in items], [later.pk])

    async def test_cannot_be_written_to(self) -> None:
        refused = await self.one.ask("send", account=self.notifier, message=text("退订"))
        self.assert_refused(refused, "notification_account", "send")
        self.assertEqual(self.world.messages().count(), 2)

    async def test_has_no_robot(self) -> None:
        refused = await self.one.ask("robot", account=self.notifier, shop_id=1)
        self.assert_refused(refused, "unknown_shop", "robot")
