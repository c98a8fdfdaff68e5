"""Guests of shops: who becomes one, what they can do, and what the shop is told of them."""

import asyncio
import json
import logging
from datetime import timedelta
from typing import Any, ClassVar

from django.test import TestCase
from django.utils import timezone

from accounts import lifecycle, tokens
from accounts.lifecycle import rights_withdrawn
from accounts.models import Account
from chat import guests, personal_data
from chat.models import Guest
from tests.admin_session import AdminSession
from tests.case import OwnServerTest, SocketTest, text
from tests.http import Answer, ask
from tests.world import PASSWORD, World

VISIT = {
    "title": "<b>羊毛外套</b>",
    "address": "https://shop.example/coat?id=9",
    "goods": {"goods_id": "9", "goods_name": "羊毛外套", "goods_price": "199"},
}


class GuestTest(TestCase):
    def setUp(self) -> None:
        logger = logging.getLogger("django.request")
        self.addCleanup(logger.setLevel, logger.level)
        logger.setLevel(logging.CRITICAL)
        self.world = World("default")
        self.shop = self.world.shop("dev17", 17, {}, guests=True)

    def ask(self, path: str, data: Any, method: str = "POST", bearer: str = "") -> Any:
        return self.client.generic(
            method,
            f"/api/{path}",
            self.client._encode_json(data, "application/json"),  # type: ignore[attr-defined]
            content_type="application/json",
            headers={"Authorization": f"Bearer {bearer}"} if bearer else {},
        )

    def asked(self, **more: Any) -> Any:
        return self.ask("guests/", {"appid": self.world.appid, "shop": 17, **more})

    def come(self, **more: Any) -> Any:
        answer = self.asked(**more)
        self.assertEqual(answer.status_code, 201, answer.content)
        return answer.json()

    def assert_refused(self, answer: Any, status: int, code: str) -> None:
        self.assertEqual((answer.status_code, answer.json().get("code")), (status, code), answer.content)
        self.assertTrue(answer.json()["title"])

    def about(self, owner: Account, name: str) -> Any:
        bearer = tokens.issue(owner)
        return self.client.get(f"/api/me/peers/{name}/", headers={"Authorization": f"Bearer {bearer}"})


class BecomingAGuest(GuestTest):
    def test_needs_a_shop_that_takes_guests(self) -> None:
        self.world.shop("dev18", 18, {})
        other = World("default")
        other.shop("dev19", 19, {}, guests=True)
        for wrong in ({"shop": 18}, {"shop": 19}, {"shop": 20}, {"appid": "nowhere"}, {"appid": "\0"}):
            self.assertIn(self.asked(**wrong).status_code, (400, 404), wrong)
        lifecycle.set_app_enabled(self.world.app, False)
        self.assert_refused(self.asked(), 404, "unknown_shop")
        self.assertEqual(Guest.objects.count(), 0)

    def test_takes_no_hostile_page(self) -> None:
        for wrong in (
            {"address": "javascript:alert(1)"},
            {"address": "data:text/html,x"},
            {"address": "https://shop.example@evil.example/"},
            {"address": "https://[x"},
            {"address": "https://shop.example/" + "x" * 1000},
            {"title": "x" * 201},
            {"goods": {"goods_name": "no id"}},
            {"goods": {"goods_id": "9", "goods_url": "javascript:alert(1)"}},
            {"goods": "<script>"},
        ):
            self.assert_refused(self.asked(visit=wrong), 400, "invalid_request")
        self.assertEqual(Guest.objects.count(), 0)

    def test_makes_an_account_that_can_be_told_from_others(self) -> None:
        self.come()
        guest = Guest.objects.get().account
        self.assertEqual((guest.app, guest.kind), (self.world.app, Account.Kind.PERSON))
        self.assertRegex(guest.name, "^guest-[0-9a-f]{24}$")
        self.assertRegex(guest.nickname, r"^(访客|Guest) \d{4}$")
        self.assertFalse(guest.password.startswith("argon2"))


class ComingBack(GuestTest):
    def test_is_being_the_same_guest_with_a_new_token(self) -> None:
        first = self.come()
        again = self.ask("guests/kept/", {"kept": first["kept"]}).json()
        self.assertEqual(tokens.account_of(again["token"]), tokens.account_of(first["token"]))
        self.assertEqual(Guest.objects.count(), 1)

    def test_needs_what_a_guest_has_kept(self) -> None:
        person = self.world.account("User1")
        given = self.come()
        for wrong in (given["token"], tokens.keep(person), tokens.issue(person), "x"):
            self.assert_refused(self.ask("guests/kept/", {"kept": wrong}), 401, "key_invalid")
        self.assertEqual(self.ask("tokens/kept/", {"appid": "x", "account": "x"}).status_code, 401)

    def test_ends_at_once_where_the_shop_takes_no_guests_any_more(self) -> None:
        self.come()
        closed: list[int] = []

        def listen(account_ids: list[int], **signal: Any) -> None:
            closed.extend(account_ids)

        rights_withdrawn.connect(listen, weak=False)
        self.addCleanup(rights_withdrawn.disconnect, listen)
        self.shop.guests = False
        with self.captureOnCommitCallbacks(execute=True):
            self.shop.save()
        self.assertEqual(closed, [Guest.objects.get().account_id])

    def test_ends_where_the_shop_takes_no_guests_any_more_or_has_stopped_this_one(self) -> None:
        kept = self.come()["kept"]
        guest = Guest.objects.get().account
        self.shop.guests = False
        self.shop.save()
        self.assert_refused(self.ask("guests/kept/", {"kept": kept}), 404, "unknown_shop")
        self.shop.guests = True
        self.shop.save()
        lifecycle.set_enabled(guest, False)
        self.assertIn(self.ask("guests/kept/", {"kept": kept}).status_code, (401, 403))


class ThePageOfAGuest(GuestTest):
    def test_is_told_to_its_shop_alone(self) -> None:
        self.come(visit=VISIT)
        guest = Guest.objects.get().account
        for peer in ("dev17", self.world.shop("dev18", 18, {}).account.name):
            self.world.said(guest.name, peer, text("你好"))
        told = self.about(self.shop.account, guest.name).json()["guest"]
        self.assertEqual(told, VISIT)
        self.assertIsNone(self.about(self.world.get("dev18"), guest.name).json()["guest"])

    def test_changes_as_the_guest_goes_on(self) -> None:
        token = self.come(visit=VISIT)["token"]
        self.assertEqual(self.ask("me/visit/", {"title": "首页"}, "PUT", token).status_code, 204)
        self.assertEqual(Guest.objects.values_list("title", "address", "goods").get(), ("首页", "", None))
        wrong = self.ask("me/visit/", {"address": "ftp://x/"}, "PUT", token)
        self.assert_refused(wrong, 400, "invalid_request")

    def test_is_a_guests_to_tell(self) -> None:
        person = tokens.issue(self.world.account("User1"))
        self.assert_refused(self.ask("me/visit/", {"title": "x"}, "PUT", person), 404, "not_found")
        self.assert_refused(self.ask("me/visit/", {"title": "x"}, "PUT"), 401, "key_missing")

    def test_is_erased_with_the_rest(self) -> None:
        self.come(visit=VISIT)
        guest = Guest.objects.get().account
        for _ in personal_data.erase(guest):
            pass
        self.assertEqual(Guest.objects.values_list("title", "address", "goods").get(), ("", "", None))


class GuestsWhoSaidNothing(GuestTest):
    def test_are_removed_after_a_day(self) -> None:
        for _ in range(3):
            self.come()
        silent, talking, _new = Guest.objects.order_by("account_id")
        self.world.said(talking.account.name, "dev17", text("你好"))
        for old in (silent, talking):
            Guest.objects.filter(pk=old.pk).update(used_at=timezone.now() - timedelta(days=2))
        self.assertEqual(guests.sweep(), 1)
        self.assertFalse(Account.objects.filter(pk=silent.pk).exists())
        self.assertEqual(Guest.objects.count(), 2)


class GuestsOnSockets(SocketTest):
    deployments: ClassVar = ("uvicorn",)

    async def test_and_their_shops_are_alone_with_each_other(self) -> None:
        shop = self.world.shop("dev17", 17, {}, guests=True)
        self.world.shop("dev18", 18, {})
        self.world.accounts("User1")
        Guest.objects.using(self.world.alias).create(
            account=self.world.account("guest-1"), shop=shop, used_at=timezone.now()
        )
        guest, user, own = [await self.signed_in(name) for name in ("guest-1", "User1", "dev17")]
        for asked in (
            {"query": "send", "account": "User1", "message": text("你好")},
            {"query": "send", "account": "dev18", "message": text("你好")},
            {"query": "chats", "account": "User1"},
            {"query": "robot", "account": "dev18", "shop_id": 18},
        ):
            query = asked.pop("query")
            self.assert_refused(await guest.ask(str(query), **asked), "unknown_account", str(query))
        self.assert_refused(await user.ask("send", account="guest-1", message=text("x")), "unknown_account", "send")
        await guest.tell("dev17", "在吗")
        await own.tell("guest-1", "在的")
        self.assertEqual(self.world.messages().count(), 2)


class AGuestWhoLooksAtAnotherPage(SocketTest):
    async def test_is_announced_to_those_of_the_shop_who_want_to_hear_it(self) -> None:
        shop = self.world.shop("dev17", 17, {}, guests=True)
        guest = self.world.account("guest-1")
        Guest.objects.using(self.world.alias).create(account=guest, shop=shop, used_at=timezone.now())
        desks = [await self.signed_in("dev17", server) for server in self.deployment.servers]
        other, own = await self.signed_in("dev17"), await self.signed_in("guest-1")
        for client in (*desks, own):
            await client.ask("subscribe", events=["visit"])
        for bearer, status in ((tokens.issue(guest), 204), (tokens.issue(shop.account), 404)):
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {bearer}"}
            server, body = self.deployment.next_server().pages, json.dumps(VISIT).encode()
            answer = await asyncio.to_thread(ask, server, "PUT", "/api/me/visit/", body, headers)
            self.assertEqual(answer.status, status)
        told = {"account": "dev17", "chat_account": "guest-1"}
        for desk in desks:
            frames = await self.silence(desk, "dev17")
            self.assertEqual(frames, [{"code": 0, "query": "sync_visit", "data": told}])
        self.assertEqual([await self.silence(other, "dev17"), await own.pending()], [[], []])


class AShopThatIsSwitchedOff(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.shop = self.world.shop("dev17", 17, {}, guests=True)
        self.world.accounts("User1", "guest-2")
        guest = self.world.account("guest-1")
        Guest.objects.using(self.world.alias).create(account=guest, shop=self.shop, used_at=timezone.now())
        self.staff = await AdminSession.begin(self.deployment.next_server(), self.deployment.alias)

    async def test_has_its_guests_out_at_once_and_the_same_ones_again_afterwards(self) -> None:
        sockets = [await self.signed_in("guest-1", server) for server in self.deployment.servers]
        others = [await self.signed_in(name) for name in ("User1", "guest-2")]
        await self.staff.act("/admin/robots/shop/", "disable", self.shop.pk)
        for socket in sockets:
            self.assertEqual(await socket.closed(), 4403)
        again = await (await self.connect()).sign_in(self.world.appid, "guest-1", PASSWORD)
        self.assert_refused(again, "unknown_shop", "login")
        self.assertEqual([await other.pending() for other in others], [[], []])
        await self.staff.act("/admin/robots/shop/", "enable", self.shop.pk)
        await self.signed_in("guest-1")


class TooManyGuests(OwnServerTest):
    environment: ClassVar = {"CHAT_LIMITS": "1", "CHAT_GUESTS_PER_HOUR": "2", "TRUSTED_PROXIES": "127.0.0.1"}

    async def come(self, address: str) -> Answer:
        body = json.dumps({"appid": self.world.appid, "shop": 17}).encode()
        headers = {"Content-Type": "application/json", "X-Forwarded-For": address}
        server = self.deployment.next_server().pages
        return await asyncio.to_thread(ask, server, "POST", "/api/guests/", body, headers)

    async def test_of_one_network_are_told_how_long_to_wait(self) -> None:
        self.world.shop("dev17", 17, {}, guests=True)
        self.assertEqual([(await self.come("192.0.2.7")).status for _ in range(2)], [201, 201])
        refused = await self.come("192.0.2.7")
        self.assertEqual((refused.status, refused.json["code"]), (429, "too_many_requests"))
        self.assertTrue(1 <= int(refused.headers["retry-after"]) <= 3600)
        self.assertEqual((await self.come("198.51.100.7")).status, 201)
