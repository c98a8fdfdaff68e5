"""A webhook that is switched off sends nothing, whoever asks for it; switched on again it goes on where it was."""

import asyncio
import threading
from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone

from chat.webhooks import claims
from chat.webhooks.models import Delivery, Endpoint
from tests.admin_session import AdminSession
from tests.case import OwnServerTest
from tests.client import PATIENCE, a_moment
from tests.pages import fetch, metrics
from tests.receiver import Hook, Receiver
from tests.webhook_case import WebhookTest

OFF = "Nothing is sent: the webhook is switched off."
WAITS = "It still waits, and goes out by itself."
WAITING, DELIVERED, GIVEN_UP = Delivery.State
DAY = timedelta(days=1)


class SwitchedTest(WebhookTest):
    kinds = ("message.sent",)
    deployments: ClassVar[tuple[str, ...]] = ("uvicorn", "grown-up")

    async def switch(self, on: bool, url: str = "") -> None:
        """As staff do, on the page of the endpoint."""
        fields: dict[str, Any] = {"url": url or self.receiver.url, "kinds": self.kinds, "_save": "Save"}
        if on:
            fields["enabled"] = "on"
        await self.staff.submit(f"/admin/chat/endpoint/{self.endpoint.pk}/change/", **fields)

    async def refused(self, *contents: str) -> None:
        """These are said, the first of them was told in vain, and all of them wait."""
        self.receiver.answer = lambda hook: (500, {})
        await self.one.tell_all("User2", "".join(contents))
        await self.failed(1)
        self.receiver.answer = lambda hook: (204, {})

    async def resend(self, delivery: Delivery) -> str:
        page = f"/admin/chat/delivery/{delivery.pk}/"
        return await self.staff.submit(f"{page}resend/", on=f"{page}change/")

    def said(self) -> list[str]:
        return [hook.body["data"]["message"]["content"] for hook in self.receiver.heard]


class AWebhookThatIsSwitchedOff(SwitchedTest):
    async def test_sends_nothing_of_what_waits(self) -> None:
        await self.refused("一")
        await self.switch(on=False)
        with Receiver() as other:
            await self.register(other.url)
            self.hurry()
            await self.two.tell("User1", "二")
            # Whoever was told this has looked at what is due for the first one, too.
            other.wait(1)
        self.assertEqual(self.said(), ["一"])
        await self.until(WAITING)

    async def test_sends_no_test(self) -> None:
        await self.switch(on=False)
        page = f"/admin/chat/endpoint/{self.endpoint.pk}/"
        self.assertIn(OFF, await self.staff.submit(f"{page}test/", on=f"{page}change/"))
        self.assertEqual(self.deliveries(), [])

    async def test_sends_nothing_again(self) -> None:
        await self.one.tell("User2", "一")
        (delivery,) = await self.until(DELIVERED)
        await self.switch(on=False)
        self.assertIn(OFF, await self.resend(delivery))
        await self.until(DELIVERED)

    async def test_says_since_when_until_it_is_on_again(self) -> None:
        before = timezone.now()
        await self.switch(on=False)
        since = self.stored().disabled_at
        assert since is not None
        self.assertTrue(before <= since <= timezone.now())
        await self.switch(on=True)
        self.assertIsNone(self.stored().disabled_at)

    async def test_stays_off_whatever_comes_of_the_attempt_that_was_under_way(self) -> None:
        release = threading.Event()
        self.addCleanup(release.set)
        self.receiver.answer = lambda hook: (500 if release.wait(PATIENCE) else 204, {})
        await self.one.tell("User2", "一")
        await self.heard(1)
        await self.switch(on=False)
        before = self.stored()
        release.set()
        await self.failed(1)
        after = self.stored()
        self.assertEqual((after.enabled, after.failures), (False, before.failures))


class WhatWaitsForIt(SwitchedTest, OwnServerTest):
    deployments: ClassVar[tuple[str, ...]] = ("uvicorn",)
    alone = True

    async def waiting(self, count: int) -> None:
        """Wait until the server has counted so many."""
        async with asyncio.timeout(PATIENCE):
            while True:
                page = await asyncio.to_thread(fetch, f"{self.deployment.servers[0].pages}/metrics")
                if metrics(page.body)["chat_webhooks_waiting"] == count:
                    return
                await a_moment()

    async def test_is_no_reason_to_look_closer(self) -> None:
        await self.refused("一")
        self.receiver.answer = lambda hook: (500, {})
        await self.waiting(1)
        await self.switch(on=False)
        await self.waiting(0)


class WhatWaitsThereForADay(OwnServerTest):
    """A process that begins gives it up; one that goes on does so every ten minutes."""

    alone = True

    def off(self, url: str, since: timedelta, count: int) -> QuerySet[Delivery]:
        """A webhook that is off for so long, and what waits for it."""
        now = timezone.now()
        fields = {"url": url, "kinds": ["message.sent"], "enabled": False, "disabled_at": now - since}
        endpoint = Endpoint.objects.using(self.world.alias).create(app=self.world.app, **fields)
        rows = Delivery.objects.using(self.world.alias)
        one = {"endpoint": endpoint, "kind": "message.sent", "lane": "1-2", "body": "{}", "error": "HTTP 500"}
        times = {"created_at": now - 3 * DAY, "due_at": now - since}
        rows.bulk_create(Delivery(name=f"msg_{number}", **one, **times) for number in range(count))
        return rows.filter(endpoint=endpoint).order_by("id")

    async def given_up(self, rows: QuerySet[Delivery]) -> AdminSession:
        """Staff who look once all of it is."""
        staff = await AdminSession.begin(self.deployment.next_server(), self.world.alias)
        async with asyncio.timeout(PATIENCE):
            while await asyncio.to_thread(rows.exclude(state=GIVEN_UP).exists):
                await a_moment()
        return staff

    async def test_is_given_up_to_the_last_and_says_why(self) -> None:
        lately = self.off("https://example.com/lately", DAY - timedelta(hours=1), 1)
        staff = await self.given_up(self.off("https://example.com/", DAY, claims.PURGED + 1))
        self.assertIn("The webhook was off for a day.", await staff.get("/admin/chat/delivery/"))
        self.assertEqual([row.state for row in lately], [WAITING])

    async def test_can_be_sent_again_once_it_is_on(self) -> None:
        receiver = self.enterContext(Receiver())
        rows = self.off(receiver.url, DAY, 2)
        staff = await self.given_up(rows)
        first, _ = rows
        page = f"/admin/chat/endpoint/{first.endpoint_id}/change/"
        await staff.submit(page, url=receiver.url, kinds="message.sent", enabled="on", _save="Save")
        page = f"/admin/chat/delivery/{first.pk}/"
        await staff.submit(f"{page}resend/", on=f"{page}change/")
        (hook,) = await asyncio.to_thread(receiver.wait, 1)
        self.assertEqual(hook.name, first.name)


class AWebhookThatIsSwitchedOnAgain(SwitchedTest):
    def wait_for_hours(self, **fields: object) -> None:
        """It failed so often that the next attempt is far away."""
        far = timezone.now() + timedelta(hours=4)
        rows = Delivery.objects.using(self.deployment.alias).filter(endpoint=self.endpoint.pk, attempts__gt=0)
        self.assertEqual(rows.update(attempts=len(claims.PAUSES) + 1, due_at=far, **fields), 1)

    async def test_sends_at_once_what_waited_in_order_and_then_what_is_new(self) -> None:
        await self.refused("一", "二")
        self.wait_for_hours()
        await self.switch(on=False)
        await self.one.tell("User2", "三")
        await self.switch(on=True)
        await self.until(DELIVERED, DELIVERED)
        await self.one.tell("User2", "四")
        await self.heard(4)
        self.assertEqual(self.said(), ["一", "一", "二", "四"])

    async def test_sends_at_once_to_another_address(self) -> None:
        await self.refused("一")
        self.wait_for_hours()
        with Receiver() as other:
            await self.switch(on=True, url=other.url)
            (hook,) = other.wait(1)
        self.assertEqual(hook.name, self.receiver.heard[0].name)

    async def test_has_a_day_for_what_waited_however_long_it_was_off(self) -> None:
        await self.refused("一")
        self.wait_for_hours(created_at=timezone.now() - timedelta(days=3))
        await self.switch(on=False)
        self.receiver.answer = lambda hook: (500, {})
        await self.switch(on=True)
        await self.failed(1)
        (delivery,) = await self.until(WAITING)
        self.assertLess(delivery.due_at, timezone.now() + timedelta(minutes=1))

    async def test_has_lost_nothing_of_the_day_on_which_every_attempt_failed(self) -> None:
        await self.refused("一")
        self.receiver.answer = lambda hook: (503, {})
        long_ago = timezone.now() - timedelta(hours=25)
        self.wait_for_hours(created_at=long_ago)
        endpoints = Endpoint.objects.using(self.deployment.alias).filter(pk=self.endpoint.pk)
        endpoints.update(failing_since=long_ago)
        self.hurry()
        await self.failed(len(claims.PAUSES) + 2)
        self.assertFalse(self.stored().enabled)
        self.receiver.answer = lambda hook: (204, {})
        await self.switch(on=True)
        await self.until(DELIVERED)


class Resending(SwitchedTest):
    async def test_is_not_needed_where_something_still_waits(self) -> None:
        await self.refused("一")
        (before,) = self.deliveries()
        self.assertIn(WAITS, await self.resend(before))
        (after,) = self.deliveries()
        self.assertEqual((after.attempts, after.due_at), (before.attempts, before.due_at))

    async def test_keeps_nothing_waiting_that_came_later(self) -> None:
        def refuse_the_first(hook: Hook) -> tuple[int, dict[str, str]]:
            return (500 if hook.body["data"]["message"]["content"] == "一" else 204, {})

        await self.one.tell("User2", "一")
        (first,) = await self.until(DELIVERED)
        self.receiver.answer = refuse_the_first
        await self.resend(first)
        await self.heard(2)
        await self.one.tell("User2", "二")
        await self.until(WAITING, DELIVERED)
