"""Webhooks: a platform's server hears what happens, signed, in order, and again until it has understood."""

import asyncio
import signal
import threading
import time
from collections import defaultdict
from datetime import timedelta
from typing import ClassVar
from unittest import TestCase

from django.utils import timezone

from chat.webhooks import claims, signing
from chat.webhooks.addresses import is_public
from chat.webhooks.models import Delivery, Endpoint
from robots.models import Shop, Speaks
from tests.case import OwnServerTest, SocketTest, text
from tests.client import PATIENCE, a_moment
from tests.receiver import Hook, Receiver
from tests.webhook_case import WebhookTest


class AMessage(WebhookTest):
    kinds = ("message.sent", "conversation.started", "conversation.read", "message.recalled")

    async def test_is_told_with_all_that_becomes_of_the_conversation_in_order(self) -> None:
        sent = await self.one.tell("User2", "你好")
        await self.two.ask("enter_chats", account="User1")
        await self.heard(3)
        await self.one.ask("recall", account="User2", message_id=sent["message_id"])
        hooks = await self.heard(4)
        self.assertEqual([hook.body["type"] for hook in hooks], [
            "conversation.started", "message.sent", "conversation.read", "message.recalled",
        ])  # fmt: skip
        message = hooks[1].body["data"]
        created_at = message.pop("created_at")
        self.assertRegex(created_at, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        expected = {
            "message_id": sent["message_id"],
            "from_account": "User1",
            "to_account": "User2",
            "message": text("你好"),
            "client_id": None,
            "is_read": False,
            "robot": False,
        }
        self.assertEqual(message, expected)
        self.assertEqual(hooks[2].body["data"], {"account": "User2", "chat_account": "User1"})

    async def test_starts_a_conversation_once(self) -> None:
        await self.one.tell_all("User2", "一二")
        await self.two.tell("User1", "三")
        types = [hook.body["type"] for hook in await self.heard(4)]
        self.assertEqual(types, ["conversation.started", *["message.sent"] * 3])

    async def test_is_signed_with_the_endpoints_secret(self) -> None:
        await self.one.tell("User2", "你好")
        hook, *_ = await self.heard(1)
        stamp = int(hook.headers["webhook-timestamp"])
        self.assertLess(abs(time.time() - stamp), PATIENCE)
        expected = signing.signature(self.endpoint.secret, hook.name, stamp, hook.text)
        self.assertEqual(hook.headers["webhook-signature"], expected)

    async def test_is_signed_with_the_old_secret_too_after_the_secret_was_changed(self) -> None:
        page = f"/admin/chat/endpoint/{self.endpoint.pk}/"
        await self.staff.submit(f"{page}rotate/", on=f"{page}change/")
        await self.one.tell("User2", "你好")
        hook, *_ = await self.heard(1)
        stamp = int(hook.headers["webhook-timestamp"])
        secrets = (self.stored().secret, self.endpoint.secret)
        self.assertNotEqual(*secrets)
        expected = [signing.signature(secret, hook.name, stamp, hook.text) for secret in secrets]
        self.assertEqual(hook.headers["webhook-signature"].split(), expected)


class ABusyShop(WebhookTest):
    kinds = ("message.sent",)

    async def test_is_told_everything_once_and_each_conversation_in_order(self) -> None:
        names = [f"Customer{number}" for number in range(5)]
        self.world.accounts(*names)
        customers = [await self.signed_in(name) for name in names]
        await asyncio.gather(*(customer.tell_all("dev17", "一二三四五六七八") for customer in customers))
        hooks = await self.heard(40)
        await self.until(*[Delivery.State.DELIVERED] * 40)
        said = defaultdict(list)
        for hook in hooks:
            said[hook.body["data"]["from_account"]].append(hook.body["data"]["message"]["content"])
        self.assertEqual(said, {name: list("一二三四五六七八") for name in names})
        self.assertEqual(len({hook.name for hook in self.receiver.heard}), 40)
        self.assertEqual(len(self.receiver.heard), 40)


class OtherEvents(WebhookTest):
    kinds = ("question.unanswered", "account.online", "account.offline")

    async def test_are_told(self) -> None:
        await self.heard(2)
        await self.one.ask("robot", account="dev17", shop_id=17, content="有货吗")
        await self.two.socket.close()
        hooks = {(hook.body["type"], hook.body["data"]["account"]): hook.body["data"] for hook in await self.heard(4)}
        self.assertEqual(
            set(hooks),
            {
                ("account.online", "User1"),
                ("account.online", "User2"),
                ("question.unanswered", "User1"),
                ("account.offline", "User2"),
            },
        )
        asked = {"account": "User1", "shop_account": "dev17", "question": "有货吗"}
        self.assertEqual(hooks["question.unanswered", "User1"], asked)

    async def test_are_told_of_what_a_robot_that_stands_in_could_not_answer(self) -> None:
        shops = Shop.objects.using(self.deployment.alias).filter(app=self.world.app)
        self.assertEqual(shops.update(speaks=Speaks.ALONE), 1)
        await self.one.tell("dev17", "火星有水吗")
        hooks = [hook.body for hook in await self.heard(3) if hook.body["type"] == "question.unanswered"]
        asked = {"account": "User1", "shop_account": "dev17", "question": "火星有水吗"}
        self.assertEqual([hook["data"] for hook in hooks], [asked])


class AnEndpoint(WebhookTest):
    kinds = ("message.recalled",)

    async def test_hears_nothing_that_it_did_not_ask_for(self) -> None:
        sent = await self.one.tell("User2", "你好")
        await self.one.ask("recall", account="User2", message_id=sent["message_id"])
        await self.heard(1)
        self.assertEqual([hook.body["type"] for hook in self.receiver.heard], ["message.recalled"])

    async def test_of_another_app_hears_nothing(self) -> None:
        await SocketTest.asyncSetUp(self)
        self.world.accounts("User1", "User2")
        one = await self.signed_in("User1")
        sent = await one.tell("User2", "你好")
        await one.ask("recall", account="User2", message_id=sent["message_id"])
        self.assertFalse(self.deliveries())


class AServerThatIsKilled(WebhookTest, OwnServerTest):
    kinds = ("message.sent",)
    deployments: ClassVar[tuple[str, ...]] = ("uvicorn",)
    alone = True

    async def test_tells_after_its_return_whatever_it_gave_a_receipt_for_and_has_not_told(self) -> None:
        release = threading.Event()
        self.addCleanup(release.set)
        self.receiver.answer = lambda hook: (204, {}) if release.wait(PATIENCE) else (500, {})
        await self.one.tell_all("User2", "一二三四五")
        await self.heard(1)
        server = self.deployment.servers[0]
        server.program.signal(signal.SIGKILL)
        server.stop()
        release.set()
        server.start_again()
        await self.signed_in("User1")
        self.hurry()
        await self.until(*[Delivery.State.DELIVERED] * 5)
        told = {hook.name: hook.body["data"]["message"]["content"] for hook in self.receiver.heard}
        self.assertEqual(list(told.values()), list("一二三四五"))


class AnEndpointThatFails(WebhookTest):
    kinds = ("message.sent",)
    deployments: ClassVar[tuple[str, ...]] = ("uvicorn", "grown-up")

    async def test_is_tried_again_under_the_same_id_and_later_messages_wait_their_turn(self) -> None:
        self.receiver.answer = lambda hook: (500, {})
        await self.one.tell_all("User2", "一二")
        await self.failed(1)
        self.assertEqual([hook.body["data"]["message"]["content"] for hook in self.receiver.heard], ["一"])
        self.receiver.answer = lambda hook: (204, {})
        self.hurry()
        hooks = await self.heard(3)
        self.assertEqual([hook.body["data"]["message"]["content"] for hook in hooks], ["一", "一", "二"])
        self.assertEqual(hooks[0].name, hooks[1].name)

    async def test_is_not_followed_to_another_address(self) -> None:
        with Receiver() as other:
            self.receiver.answer = lambda hook: (307, {"location": other.url})
            await self.one.tell("User2", "你好")
            await self.failed(1)
            self.assertEqual(other.heard, [])
        self.assertEqual(self.deliveries()[0].error, "HTTP 307")

    async def test_by_answering_too_late(self) -> None:
        self.receiver.answer = lambda hook: (time.sleep(1.5), (204, {}))[1]  # type: ignore[func-returns-value]
        await self.one.tell("User2", "你好")
        await self.failed(1)
        self.assertEqual(self.deliveries()[0].error, "timeout")

    async def test_for_a_day_is_switched_off_and_the_admin_says_so(self) -> None:
        self.receiver.answer = lambda hook: (503, {})
        await self.one.tell("User2", "你好")
        await self.failed(1)
        Endpoint.objects.using(self.deployment.alias).filter(pk=self.endpoint.pk).update(
            failing_since=timezone.now() - timedelta(hours=25)
        )
        self.hurry()
        await self.failed(2)
        self.assertFalse(self.stored().enabled)
        page = await self.staff.get(f"/admin/chat/endpoint/{self.endpoint.pk}/change/")
        self.assertIn("Switched off: 24 h: HTTP 503", page)

    async def test_is_not_tried_for_longer_than_a_day_with_the_same_and_then_told_the_next(self) -> None:
        def refuse_the_first(hook: Hook) -> tuple[int, dict[str, str]]:
            return (500 if hook.body["data"]["message"]["content"] == "一" else 204, {})

        self.receiver.answer = refuse_the_first
        await self.one.tell_all("User2", "一二")
        await self.failed(1)
        first = self.deliveries()[0]
        Delivery.objects.using(self.deployment.alias).filter(pk=first.pk).update(
            attempts=len(claims.PAUSES), created_at=timezone.now() - timedelta(hours=25)
        )
        self.hurry()
        hooks = await self.heard(3)
        self.assertEqual([hook.body["data"]["message"]["content"] for hook in hooks], ["一", "一", "二"])
        await self.until(Delivery.State.GIVEN_UP, Delivery.State.DELIVERED)
        self.assertTrue(self.stored().enabled)

    async def test_by_being_gone_is_switched_off_at_once(self) -> None:
        self.receiver.answer = lambda hook: (410, {})
        await self.one.tell("User2", "你好")
        await self.failed(1)
        stored = self.stored()
        self.assertEqual((stored.enabled, stored.disabled_at is None), (False, False))

    async def test_keeps_nobody_from_talking(self) -> None:
        self.receiver.answer = lambda hook: (500, {})
        await self.one.tell("User2", "一")
        await self.failed(1)
        await self.staff.submit(f"/admin/chat/endpoint/{self.endpoint.pk}/delete/", post="yes")
        self.assertEqual((await self.one.tell("User2", "你好"))["code"], 0)


class ThisMachine(WebhookTest, OwnServerTest):
    kinds = ("message.sent",)
    environment: ClassVar[dict[str, str]] = {"WEBHOOKS_PRIVATE": "0"}

    async def register(self, url: str) -> Endpoint:
        """Past the admin, which refuses it: as a name would that points to a public address at first."""
        Endpoint.objects.using(self.deployment.alias).create(
            app=self.world.app, url=url.replace("127.0.0.1", "localhost"), kinds=list(self.kinds)
        )
        return self.stored(url.replace("127.0.0.1", "localhost"))

    async def test_is_never_connected_to(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while not self.deliveries():
                await self.one.tell("User2", "你好")
                await a_moment()
        async with asyncio.timeout(PATIENCE):
            while not self.deliveries()[0].attempts:
                await a_moment()
        self.assertEqual(self.deliveries()[0].error, "private address")
        self.assertEqual(self.receiver.heard, [])

    async def test_is_not_connected_to_by_another_spelling(self) -> None:
        hosts = ("2130706433", "0177.0.0.1", "0x7f.1", "127.1", "0.0.0.0", "0", "[::ffff:127.0.0.1]", "a.localhost")
        endpoints = Endpoint.objects.using(self.deployment.alias)
        for host in hosts:
            url = self.receiver.url.replace("127.0.0.1", host)
            endpoints.create(app=self.world.app, url=url, kinds=list(self.kinds))
        rows = Delivery.objects.using(self.deployment.alias).filter(endpoint__app=self.world.app)
        async with asyncio.timeout(PATIENCE):
            while len(set(rows.values_list("endpoint"))) <= len(hosts):
                await self.one.tell("User2", "你好")
                await a_moment()
            while rows.filter(attempts__gt=0).values("endpoint").distinct().count() <= len(hosts):
                await a_moment()
        self.assertFalse(rows.filter(status__isnull=False).exists())
        self.assertEqual(self.receiver.heard, [])

    async def test_is_refused_in_the_admin(self) -> None:
        for url in (self.receiver.url, "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "ftp://a.example/"):
            with self.assertRaises(AssertionError):
                await super().register(url)


class AddressesOfPrivateNetworks(TestCase):
    def test_are_known_in_every_spelling(self) -> None:
        private = (
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
            "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
            "2002:7f00:1::", "2002:a00:1::", "64:ff9b::7f00:1", "64:ff9b::101:101", "64:ff9b:1::7f00:1", "feff::1",
            "fe80::1", "::7f00:1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "2001::1", "2001:db8::1",
            "5f00::1", "100::1", "198.18.0.1", "192.0.2.1", "240.0.0.1", "0.1.2.3",
        )  # fmt: skip
        for address in private:
            self.assertFalse(is_public(address), address)
        for address in ("1.1.1.1", "114.114.114.114", "2400:3200::1", "::ffff:1.1.1.1"):
            self.assertTrue(is_public(address), address)


class ASignature(TestCase):
    def test_is_the_one_of_the_specification(self) -> None:
        found = signing.signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}'
        )
        self.assertEqual(found, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")


class Pauses(TestCase):
    def test_grow_and_are_spread(self) -> None:
        for failures, seconds in enumerate((5, 30, 120, 300, 900, 1800, 3600, 7200, 14400, 14400), start=1):
            pauses = {claims.pause(failures).total_seconds() / seconds for _ in range(50)}
            self.assertGreater(len(pauses), 1)
            self.assertTrue(all(0.8 <= pause <= 1.2 for pause in pauses))
