"""The log of webhooks: staff look into it and send again, and it keeps nothing that was taken back."""

import asyncio
import json
from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone

from chat.webhooks import claims
from chat.webhooks.models import Delivery, Endpoint
from tests.case import OwnServerTest, text
from tests.client import PATIENCE, a_moment
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

    async def test_can_be_tested_at_once_after_it_has_failed(self) -> None:
        later = timezone.now() + timedelta(minutes=5)
        Endpoint.objects.using(self.deployment.alias).filter(pk=self.endpoint.pk).update(failures=9, paused_until=later)
        page = f"/admin/chat/endpoint/{self.endpoint.pk}/"
        await self.staff.submit(f"{page}test/", on=f"{page}change/")
        await self.until(Delivery.State.DELIVERED)
        self.assertEqual(self.stored().failures, 0)

    async def test_can_be_sent_the_same_again(self) -> None:
        page = f"/admin/chat/endpoint/{self.endpoint.pk}/"
        await self.staff.submit(f"{page}test/", on=f"{page}change/")
        (delivery,) = await self.until(Delivery.State.DELIVERED)
        page = f"/admin/chat/delivery/{delivery.pk}/"
        await self.staff.submit(f"{page}resend/", on=f"{page}change/")
        first, second = await self.heard(2)
        self.assertEqual(first.name, second.name)


class AnEndpointThatIsDeleted(WebhookTest):
    kinds = ("message.sent",)

    async def delete(self) -> None:
        """From the list, as staff do."""
        chosen = {"action": "delete_selected", "_selected_action": str(self.endpoint.pk), "post": "yes"}
        await self.staff.submit("/admin/chat/endpoint/", **chosen)

    async def test_goes_whatever_it_was_told(self) -> None:
        await self.one.tell("User2", "一")
        (delivery,) = await self.until(Delivery.State.DELIVERED)
        await self.delete()
        self.assertFalse(Endpoint.objects.using(self.deployment.alias).filter(pk=self.endpoint.pk).exists())
        self.assertNotIn(delivery.name, await self.staff.get("/admin/chat/delivery/"))
        self.assertEqual((await self.one.tell("User2", "二"))["code"], 0)


class MuchThatIsOld(OwnServerTest):
    """A process that begins forgets it; one that goes on does so every ten minutes."""

    alone: ClassVar = True

    def log(self, endpoint: int, count: int, days: int) -> QuerySet[Delivery]:
        """So many deliveries that were finished so many days ago."""
        rows = Delivery.objects.using(self.world.alias)
        then = timezone.now() - timedelta(days=days)
        one = {"kind": "message.sent", "lane": "1-2", "body": "{}", "state": Delivery.State.DELIVERED}
        times = {"created_at": then, "due_at": then, "finished_at": then}
        rows.bulk_create(Delivery(endpoint_id=endpoint, name=f"{n}", **one, **times) for n in range(count))
        return rows.filter(endpoint=endpoint, finished_at=then)

    async def test_is_forgotten_to_the_last_with_what_endpoints_were_told_that_are_no_more(self) -> None:
        url = "https://example.com/"
        endpoint = Endpoint.objects.using(self.world.alias).create(app=self.world.app, url=url)
        many = 2 * claims.PURGED + 1
        forgotten = [self.log(endpoint.pk, many, days=8), self.log(endpoint.pk + 1, many, days=1)]
        kept = self.log(endpoint.pk, 5, days=6)
        self.world.accounts("User1")
        await self.signed_in("User1")
        async with asyncio.timeout(PATIENCE):
            while any([await asyncio.to_thread(rows.exists) for rows in forgotten]):
                await a_moment()
        self.assertEqual(kept.count(), 5)


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
