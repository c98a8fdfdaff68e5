"""`/api/notifications/`: accepted at once, told to everybody once, whatever happens in between."""

import asyncio
from datetime import timedelta
from typing import Any, ClassVar

from django.utils import timezone

from chat.models import Guest, Notification
from tests.api_case import ApiTest
from tests.case import OwnServerTest, text
from tests.client import PATIENCE, a_moment
from tests.webhook_case import WebhookTest

GOODS = {"type": "goods", "content": "商品", "data": {"goods_id": 7, "goods_price": "9.90"}}


class NotificationTest(ApiTest):
    async def send(self, status: int = 202, **fields: Any) -> Any:
        return await self.done("POST", "notifications", status=status, data={"message": text("已发货"), **fields})

    async def told(self, notification: dict[str, Any]) -> Any:
        """The notification, once everybody was told."""
        async with asyncio.timeout(PATIENCE):
            while True:
                shown = await self.done("GET", "notifications", notification["id"])
                if shown["told_at"] is not None:
                    return shown
                await a_moment()


class ANotification(NotificationTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "User3")

    async def test_is_heard_by_those_it_is_for(self) -> None:
        ones = [await self.signed_in("User1") for _ in range(2)]
        three = await self.signed_in("User3")
        sent = await self.send(accounts=["User1", "User2"], message=GOODS)
        for one in ones:
            await one.hear("user_message", account="notification", message=GOODS)
        self.assertEqual((await self.told(sent))["reached"], 2)
        self.assertEqual(await self.silence(three, "User3"), [])
        self.assertEqual(self.world.view("User2", "notification").preview, "[商品]")

    async def test_to_everybody_reaches_every_enabled_account(self) -> None:
        self.world.account("User4", enabled=False)
        one = await self.signed_in("User1")
        shown = await self.told(await self.send(everybody=True))
        await one.hear("user_message", account="notification")
        self.assertEqual((shown["reached"], shown["preview"]), (3, "已发货"))

    async def test_is_told_once_for_each_key(self) -> None:
        sent = await self.send(accounts=["User1"], key="order-1")
        await self.told(sent)
        again = await self.send(200, accounts=["User1"], key="order-1")
        self.assertEqual(again["id"], sent["id"])
        self.assertEqual(self.world.messages().count(), 1)
        for other in ({"accounts": ["User2"]}, {"everybody": True}, {"accounts": ["User1"], "message": text("x")}):
            data = {"message": text("已发货"), "key": "order-1", **other}
            self.assert_problem(await self.api("POST", "notifications", data=data), 409, "key_conflict")

    async def test_is_the_same_in_whatever_order_its_words_stand(self) -> None:
        sent = await self.send(accounts=["User1", "User2"], message=GOODS, key="order-1")
        turned = {"data": {"goods_price": "9.90", "goods_id": 7}, "content": "商品", "type": "goods"}
        again = await self.send(200, accounts=["User2", "User1", "User2"], message=turned, key="order-1")
        self.assertEqual(again["id"], sent["id"])

    async def test_is_the_same_after_somebody_it_names_was_erased(self) -> None:
        sent = await self.told(await self.send(accounts=["User1", "User2"], key="order-1"))
        await self.done("POST", "accounts", "User2", "erasure", status=204)
        self.assertEqual(await self.send(200, accounts=["User1", "User2"], key="order-1"), sent)
        data = {"accounts": ["User1"], "message": text("已发货"), "key": "order-1"}
        self.assert_problem(await self.api("POST", "notifications", data=data), 409, "key_conflict")

    async def test_is_the_same_though_nothing_of_what_it_said_is_kept(self) -> None:
        sent = await self.told(await self.send(accounts=["User1"], key="order-1"))
        rows = Notification.objects.using(self.world.alias).filter(pk=sent["id"])
        self.assertEqual(rows.update(text="", body="", recipient_ids=[]), 1)
        again = await self.send(200, accounts=["User1"], key="order-1")
        self.assertEqual((again["id"], again["preview"]), (sent["id"], ""))
        data = {"accounts": ["User1"], "message": text("x"), "key": "order-1"}
        self.assert_problem(await self.api("POST", "notifications", data=data), 409, "key_conflict")

    async def test_is_for_no_guest_of_the_widget(self) -> None:
        shop = self.world.shop("dev17", 17, {}, guests=True)
        for name in ("guest-2", "guest-1"):
            Guest.objects.using(self.world.alias).create(
                account=self.world.account(name), shop=shop, used_at=timezone.now()
            )
        data = {"accounts": ["User1", "guest-2", "guest-1"], "message": text("x")}
        problem = self.assert_problem(await self.api("POST", "notifications", data=data), 409, "account_is_guest")
        self.assertEqual(problem["accounts"], ["guest-1", "guest-2"])
        self.assertFalse(Notification.objects.using(self.world.alias).filter(app=self.world.app).exists())

    async def test_may_be_sent_again_at_once_with_its_key(self) -> None:
        data = {"accounts": ["User1"], "message": text("x"), "key": "order-1"}
        answers = await asyncio.gather(*(self.api("POST", "notifications", data=data) for _ in range(5)))
        self.assertEqual(sorted(answer.status for answer in answers), [200, 200, 200, 200, 202])
        await self.told(answers[0].json)
        self.assertEqual(self.world.messages().count(), 1)

    async def test_names_those_that_the_app_does_not_have(self) -> None:
        data = {"accounts": ["User1", "Nobody", "notification"], "message": text("x")}
        problem = self.assert_problem(await self.api("POST", "notifications", data=data), 404, "unknown_account")
        self.assertEqual(problem["accounts"], ["Nobody", "notification"])
        self.assertFalse(Notification.objects.using(self.world.alias).filter(app=self.world.app).exists())

    async def test_is_either_for_some_or_for_everybody(self) -> None:
        both = {"accounts": ["User1"], "everybody": True}
        wrongs: tuple[dict[str, Any], ...] = ({}, both, {"accounts": []}, {"accounts": "User1"})
        for wrong in wrongs:
            answer = await self.api("POST", "notifications", data={"message": text("x"), **wrong})
            self.assert_problem(answer, 400, "invalid_request")

    async def test_stands_in_the_list_the_newest_first(self) -> None:
        ids = [(await self.send(accounts=["User1"]))["id"] for _ in range(3)]
        page = await self.done("GET", "notifications", query="limit=2")
        rest = await self.done("GET", "notifications", query=f"cursor={page['next']}")
        self.assertEqual([row["id"] for row in page["results"] + rest["results"]], ids[::-1])


class ALargeApp(NotificationTest):
    async def test_is_told_while_the_request_is_long_answered(self) -> None:
        rows = [{"account": f"u{number}"} for number in range(1000)]
        await self.done("POST", "accounts", data={"accounts": rows})
        sent = await self.send(everybody=True)
        self.assertIsNone(sent["told_at"])
        self.assertEqual((await self.told(sent))["reached"], 1000)
        self.assertEqual(self.world.messages().count(), 1000)


class WhatWasLeftOver(OwnServerTest):
    """A process that ends leaves its notifications to the next one."""

    alone: ClassVar = True

    async def test_is_told_by_the_next_process_without_telling_anybody_twice(self) -> None:
        self.world.accounts("User1", "User2")
        left = Notification.objects.using(self.world.alias).create(
            app=self.world.app,
            text="已发货",
            body='{"type":"txt","content":"已发货"}',
            claimed_until=timezone.now() - timedelta(seconds=1),
        )
        theirs = Notification.objects.using(self.world.alias).create(
            app=self.world.app,
            text="x",
            body='{"type":"txt","content":"x"}',
            claimed_until=timezone.now() + timedelta(hours=1),
        )
        one = await self.signed_in("User1")
        if not self.world.messages().exists():
            await one.hear("user_message", account="notification", message=text("已发货"))
        async with asyncio.timeout(PATIENCE):
            while left.told_at is None:
                await a_moment()
                await asyncio.to_thread(left.refresh_from_db)
        self.assertEqual((left.reached, self.world.messages().count()), (2, 2))
        theirs.refresh_from_db()
        self.assertIsNone(theirs.told_at)


class AWebhook(ApiTest, WebhookTest):
    kinds = ("message.sent",)

    async def test_tells_what_everybody_was_told(self) -> None:
        data = {"everybody": True, "message": text("欢迎")}
        await self.done("POST", "notifications", status=202, data=data)
        hooks = await self.heard(3)
        told = {hook.body["data"]["to_account"]: hook.body["data"]["message"] for hook in hooks}
        self.assertEqual(told, dict.fromkeys(("User1", "User2", "dev17"), text("欢迎")))
