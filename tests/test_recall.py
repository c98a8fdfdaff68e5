"""`recall`: a message is taken back within two minutes, and nothing of it is kept."""

from datetime import timedelta
from typing import Any, ClassVar

from django.utils import timezone

from tests.case import OwnServerTest, SocketTest, text
from tests.client import Client

RECALLED = {"type": "txt", "content": "消息已撤回"}


class RecallTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.one, self.two = await self.signed_in("User1"), await self.signed_in("User2")

    async def subscribed(self, account: str) -> Client:
        client = await self.signed_in(account)
        await client.ask("subscribe", events=["recall"])
        return client

    async def sent(self, content: str = "秘密", **more: Any) -> int:
        receipt = await self.one.ask("send", account="User2", message=text(content), **more)
        message_id: int = receipt["message_id"]
        return message_id

    async def recall(self, message_id: int) -> dict[str, Any]:
        return await self.one.ask("recall", account="User2", message_id=message_id)

    def age(self, message_id: int, **since: float) -> None:
        """Make the message older."""
        self.world.messages().filter(pk=message_id).update(created_at=timezone.now() - timedelta(**since))


class Recalling(RecallTest):
    async def test_is_answered_with_the_protocols_frame(self) -> None:
        number = await self.sent()
        await self.one.say(f'{{"query":"recall","data":{{"account":"User2","message_id":{number}}}}}')
        data = {"account": "User2", "message_id": number}
        self.assertEqual(await self.one.hear("recall"), {"code": 0, "msg": "操作成功", "query": "recall", "data": data})

    async def test_is_told_to_the_subscribed_sockets_of_both_sides(self) -> None:
        own, others = await self.subscribed("User1"), await self.subscribed("User2")
        number = await self.sent()
        await self.recall(number)
        for client, me, peer in ((own, "User1", "User2"), (others, "User2", "User1")):
            data = {"account": me, "chat_account": peer, "message_id": number, "is_last": 1}
            self.assertEqual(await client.hear("sync_recall"), {"code": 0, "query": "sync_recall", "data": data})

    async def test_is_answered_and_not_told_on_the_asking_socket(self) -> None:
        await self.one.ask("subscribe", events=["recall"])
        number = await self.sent()
        await self.one.request("recall", account="User2", message_id=number)
        self.assertEqual([frame["query"] for frame in await self.silence(self.one, "User1")], ["recall"])

    async def test_shows_in_later_lists_as_a_text_that_says_so(self) -> None:
        numbers = [await self.sent(content) for content in ("一", "二", "三")]
        await self.recall(numbers[1])
        for client, peer in ((self.one, "User2"), (self.two, "User1")):
            for query in ("chats", "history_chats"):
                items = (await client.ask(query, account=peer))["data"]["list"]
                self.assertEqual([item["id"] for item in items], numbers)
                self.assertEqual([item["message"] for item in items], [text("一"), RECALLED, text("三")])
                self.assertEqual([item.get("recalled") for item in items], [None, 1, None])

    async def test_changes_the_preview_of_both_lists_if_it_was_the_newest(self) -> None:
        first, last = await self.sent("一"), await self.sent("二")
        for number, shown in ((first, "二"), (last, "消息已撤回")):
            await self.recall(number)
            for client in (self.one, self.two):
                self.assertEqual((await client.ask("users"))["data"][0]["last_msg"], shown)

    async def test_says_whether_it_was_the_newest(self) -> None:
        others = await self.subscribed("User2")
        first, last = await self.sent("一"), await self.sent("二")
        for number, flag in ((first, 0), (last, 1)):
            await self.recall(number)
            self.assertEqual((await others.hear("sync_recall"))["data"]["is_last"], flag)

    async def test_keeps_nothing_of_what_was_said(self) -> None:
        number = await self.sent("绝密")
        await self.two.ask("chat_delete", account="User1")
        await self.recall(number)
        self.assertNotIn("绝密", self.world.messages().get().body)
        self.assertFalse(self.world.conversations().filter(preview__contains="绝密").exists())

    async def test_leaves_the_message_as_unread_as_it_was(self) -> None:
        number = await self.sent()
        await self.recall(number)
        self.assertEqual((await self.two.ask("users"))["data"][0]["noread_nums"], 1)
        self.assertEqual(self.world.recount("User2", "User1"), 1)
        await self.two.ask("enter_chats", account="User1")
        self.assertEqual((await self.two.ask("users"))["data"][0]["noread_nums"], 0)

    async def test_takes_any_body_back(self) -> None:
        receipt = await self.one.ask("send", account="User2", message={"type": "img", "content": "image/1.jpg"})
        self.assertEqual((await self.recall(receipt["message_id"]))["code"], 0)
        self.assertNotIn("image", self.world.messages().get().body)


class Twice(RecallTest):
    async def test_is_answered_alike_and_told_once(self) -> None:
        others = await self.subscribed("User2")
        number = await self.sent()
        first, second = await self.recall(number), await self.recall(number)
        self.assertEqual(first["data"], second["data"])
        self.assertEqual([f["query"] for f in await self.silence(others, "User2")], ["user_message", "sync_recall"])

    async def test_is_answered_alike_however_late(self) -> None:
        number = await self.sent()
        await self.recall(number)
        self.age(number, hours=1)
        self.assertEqual((await self.recall(number))["code"], 0)

    async def test_sending_with_the_same_client_id_does_not_bring_it_back(self) -> None:
        number = await self.sent(client_id="c-1")
        await self.recall(number)
        self.assertEqual(await self.sent(client_id="c-1"), number)
        self.assertEqual(self.world.messages().count(), 1)
        self.assertNotIn("秘密", self.world.messages().get().body)


class WhatCannotBeRecalled(RecallTest):
    async def assert_stays(self, answer: dict[str, Any], reason: str) -> None:
        self.assert_refused(answer, reason, "recall")
        self.assertEqual((await self.two.ask("chats", account="User1"))["data"]["list"][0]["message"], text("秘密"))

    async def test_is_what_is_older_than_two_minutes(self) -> None:
        number = await self.sent()
        self.age(number, seconds=119)
        young = await self.sent("又一条")
        self.age(number, seconds=121)
        self.age(young, seconds=100)
        await self.assert_stays(await self.recall(number), "recall_too_late")
        self.assertEqual((await self.recall(young))["code"], 0)

    async def test_is_what_somebody_else_said(self) -> None:
        number = await self.sent()
        await self.assert_stays(await self.two.ask("recall", account="User1", message_id=number), "unknown_message")

    async def test_is_a_message_to_somebody_else(self) -> None:
        self.world.account("User3")
        number = await self.sent()
        await self.assert_stays(await self.one.ask("recall", account="User3", message_id=number), "unknown_message")

    async def test_is_a_message_that_there_is_not(self) -> None:
        number = await self.sent()
        for wrong in (0, number + 1000, 2**63 - 1):
            await self.assert_stays(await self.recall(wrong), "unknown_message")

    async def test_is_a_number_that_is_none(self) -> None:
        for wrong in (-1, 2**63, "first", 1.5, None):
            answer = await self.one.ask("recall", account="User2", message_id=wrong)
            self.assert_refused(answer, "invalid_field", "recall")
            self.assertEqual(answer["field"], "data.message_id")


class WithoutALimit(RecallTest, OwnServerTest):
    environment: ClassVar[dict[str, str]] = {"CHAT_RECALL_SECONDS": "0"}

    async def test_any_message_may_be_recalled(self) -> None:
        number = await self.sent()
        self.age(number, days=365)
        self.assertEqual((await self.recall(number))["code"], 0)
