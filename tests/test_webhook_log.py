"""The log of webhooks: staff look into it and send again, and it keeps nothing that was taken back."""

import json
from typing import Any

from chat.webhooks.models import Delivery
from tests.case import text
from tests.webhook_case import WebhookTest

RECALLED = text("消息已撤回")


class InTheAdmin(WebhookTest):
    kinds = ("message.recalled",)

    async def test_can_be_tested_from_the_admin(self) -> None:
        page = f"/admin/chat/endpoint/{self.endpoint.pk}/"
        listed = await self.staff.submit(f"{page}test/", on=f"{page}change/")
        self.assertIn("webhook.test", listed)
        (hook,) = await self.heard(1)
        self.assertEqual((hook.body["type"], hook.body["data"]), ("webhook.test", {"app": self.world.appid}))

    async def test_can_be_sent_the_same_again(self) -> None:
        page = f"/admin/chat/endpoint/{self.endpoint.pk}/"
        await self.staff.submit(f"{page}test/", on=f"{page}change/")
        (delivery,) = await self.until(Delivery.State.DELIVERED)
        page = f"/admin/chat/delivery/{delivery.pk}/"
        await self.staff.submit(f"{page}resend/", on=f"{page}change/")
        first, second = await self.heard(2)
        self.assertEqual(first.name, second.name)


class AMessageThatIsTakenBack(WebhookTest):
    kinds = ("message.sent", "message.recalled")

    def said(self, delivery: Delivery) -> Any:
        return json.loads(delivery.body)["data"]["message"]

    async def test_is_told_without_what_it_said_where_it_still_waits(self) -> None:
        self.receiver.answer = lambda hook: (503, {})
        first, second = [(await self.one.tell("User2", content))["message_id"] for content in ("一", "二")]
        await self.one.ask("recall", account="User2", message_id=second)
        rows = self.deliveries()
        self.assertEqual([row.kind for row in rows], ["message.sent", "message.sent", "message.recalled"])
        self.assertEqual([self.said(row) for row in rows[:2]], [text("一"), RECALLED])
        self.assertEqual([json.loads(row.body)["data"]["message_id"] for row in rows], [first, second, second])

    async def test_is_kept_nowhere_in_the_log(self) -> None:
        number = (await self.one.tell("User2", "秘密"))["message_id"]
        (sent,) = await self.until(Delivery.State.DELIVERED)
        self.assertEqual(self.said(sent), text("秘密"))
        await self.one.ask("recall", account="User2", message_id=number)
        sent, _ = await self.until(*[Delivery.State.DELIVERED] * 2)
        self.assertEqual(self.said(sent), RECALLED)
