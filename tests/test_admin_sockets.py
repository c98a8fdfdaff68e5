"""What staff do in the admin reaches the sockets at once, whichever process serves them."""

import asyncio
import re
from datetime import UTC, datetime

from django.contrib.admin.models import LogEntry
from django.utils.translation import override

from accounts import tokens
from accounts.models import Account
from chat.models import Block, LastSeen
from tests.admin_case import told
from tests.admin_session import AdminSession
from tests.case import SocketTest, text
from tests.client import PATIENCE, Client, a_moment
from tests.world import PASSWORD

CHANGE = "/admin/accounts/account/{}/change/"
RIGHTS_WITHDRAWN = 4403


class AdminSocketTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.staff = await AdminSession.begin(self.deployment.next_server(), self.deployment.alias)

    async def on_each_server(self, account: str) -> list[Client]:
        """Sockets of the account, one at each process."""
        return [await self.signed_in(account, server) for server in self.deployment.servers]

    async def refused_at_sign_in(self, password: str = PASSWORD) -> str:
        client = await self.connect()
        answer = await client.sign_in(self.world.appid, "User1", password)
        self.assertEqual(answer["code"], 2)
        return str(answer["msg"])


class DisablingAnAccount(AdminSocketTest):
    async def test_closes_all_its_sockets_and_no_others(self) -> None:
        sockets, other = await self.on_each_server("User1"), await self.signed_in("User2")
        await self.staff.act("/admin/accounts/account/", "disable", self.world.get("User1").pk)
        for socket in sockets:
            self.assertEqual(await socket.closed(), RIGHTS_WITHDRAWN)
        self.assertEqual(await other.pending(), [])

    async def test_keeps_it_from_signing_in_again(self) -> None:
        await self.staff.act("/admin/accounts/account/", "disable", self.world.get("User1").pk)
        self.assertEqual(await self.refused_at_sign_in(), "账号已停用")

    async def test_works_from_its_own_page_too(self) -> None:
        socket = await self.signed_in("User1")
        page = CHANGE.format(self.world.get("User1").pk)
        await self.staff.submit(page, nickname="张三", avatar="", _save="Save")
        self.assertEqual(await socket.closed(), RIGHTS_WITHDRAWN)

    async def test_is_undone_by_enabling_it(self) -> None:
        account = self.world.account("User3", enabled=False)
        await self.staff.act("/admin/accounts/account/", "enable", account.pk)
        await self.signed_in("User3")


class SigningAnAccountOut(AdminSocketTest):
    async def test_closes_its_sockets_and_voids_its_tokens_and_lets_it_sign_in_again(self) -> None:
        sockets, other = await self.on_each_server("User1"), await self.signed_in("User2")
        token = tokens.issue(self.world.get("User1"))
        await self.staff.act("/admin/accounts/account/", "sign_out", self.world.get("User1").pk)
        for socket in sockets:
            self.assertEqual(await socket.closed(), RIGHTS_WITHDRAWN)
        self.assertEqual(await other.pending(), [])
        again = await self.connect()
        self.assert_refused(await again.ask("login", token=token), "token_invalid", "login")
        self.assertEqual((await again.sign_in(self.world.appid, "User1", PASSWORD))["code"], 0)


class TheSocketsOfAnAccount(AdminSocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.page = f"/admin/accounts/account/{self.world.get('User1').pk}/sockets/"

    async def shown(self) -> list[str]:
        return re.findall(r'name="socket" value="([^"]+)"', await self.staff.get(self.page))

    async def test_are_shown_wherever_they_are_served(self) -> None:
        await self.on_each_server("User1")
        await self.signed_in("User1", source=2)
        await self.signed_in("User2")
        self.assertEqual(len(await self.shown()), len(self.deployment.servers) + 1)
        page = await self.staff.get(self.page)
        self.assertEqual(page.count("127.0.0.1"), len(self.deployment.servers) + 1)
        self.assertEqual(page.count("WeChat"), 1)

    async def test_are_told_of_in_words(self) -> None:
        await self.signed_in("User1", source=2)
        await self.signed_in("User1", source=4)
        page = await self.staff.get(self.page)
        self.assertLess(page.index("WeChat mini program"), page.index("Computer"))
        for words in ("WeChat mini program", "From 127.0.0.1", "signed in at", "0\xa0minutes ago"):
            self.assertIn(words, page)

    async def test_that_are_gone_leave_when_the_account_was_last_seen(self) -> None:
        self.assertIn("It was never seen online.", await self.staff.get(self.page))
        LastSeen.objects.using(self.world.alias).create(
            account=self.world.get("User1"), at=datetime(2026, 11, 25, 1, 30, tzinfo=UTC), source=3
        )
        page = await self.staff.get(self.page)
        self.assertIn("Nobody is signed in as this account now.", page)
        self.assertIn("It last came or went at Nov. 25, 2026, 9:30 a.m., from: Alipay mini program.", page)

    async def test_are_ended_one_by_one(self) -> None:
        sockets = await self.on_each_server("User1") + await self.on_each_server("User1")
        first, *others = await self.shown()
        await self.staff.submit(self.page, socket=first)
        self.assertEqual(await sockets[0].closed(), RIGHTS_WITHDRAWN)
        self.assertEqual(await self.shown(), others)
        self.assertEqual([await socket.pending() for socket in sockets[1:]], [[] for _ in sockets[1:]])

    async def test_are_said_to_be_ended_in_the_language_of_whoever_reads_that(self) -> None:
        await self.signed_in("User1", source=2)
        await self.staff.submit(self.page, socket=(await self.shown())[0])
        log = LogEntry.objects.using(self.deployment.alias).filter(object_id=str(self.world.get("User1").pk))
        with override("en"):
            self.assertEqual(told(log.all()), ["Ended a socket from WeChat mini program, 127.0.0.1."])
        with override("zh-hans"):
            self.assertEqual(told(log.all()), ["断开了一个来自 微信小程序 的连接，127.0.0.1。"])

    async def test_of_others_are_not_ended(self) -> None:
        await self.on_each_server("User1")
        other = await self.signed_in("User2")
        (channel,) = re.findall(
            r'name="socket" value="([^"]+)"',
            await self.staff.get(self.page.replace(str(self.world.get("User1").pk), str(self.world.get("User2").pk))),
        )
        page = await self.staff.submit(self.page, socket=channel)
        self.assertIn("gone already", page)
        self.assertEqual(await other.pending(), [])


class ClosingAShop(AdminSocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.shop = self.world.shop("dev17", 17, {})
        self.page = f"/admin/robots/shop/{self.shop.pk}/change/"

    async def save(self, **fields: str) -> None:
        shop = self.shop
        formset = {
            f"{rows}-{name}": "0" for rows in ("faqs", "quick_replies") for name in ("TOTAL_FORMS", "INITIAL_FORMS")
        }
        texts = {name: getattr(shop, name) for name in ("greeting", "suggestion", "fallback", "name", "number")}
        texts |= {name: getattr(shop, name) for name in ("speaks", "quiet_minutes", "handover")}
        given = {**texts, **formset, **fields, "account": str(shop.account_id), "_save": "Save"}
        await self.staff.submit(self.page, **given)

    async def test_closes_the_sockets_of_its_account_and_keeps_it_from_signing_in(self) -> None:
        sockets, other = await self.on_each_server("dev17"), await self.signed_in("User1")
        await self.save()
        for socket in sockets:
            self.assertEqual(await socket.closed(), RIGHTS_WITHDRAWN)
        self.assertEqual(await other.pending(), [])
        refused = await (await self.connect()).sign_in(self.world.appid, "dev17", PASSWORD)
        self.assert_refused(refused, "account_disabled", "login")

    async def test_is_undone_by_opening_it(self) -> None:
        await self.save()
        await self.save(enabled="on")
        await self.signed_in("dev17")


class ANewPassword(AdminSocketTest):
    async def test_closes_the_sockets_and_is_the_only_one_that_counts(self) -> None:
        sockets = await self.on_each_server("User1")
        page = f"/admin/accounts/account/{self.world.get('User1').pk}/password/"
        await self.staff.submit(page, password="new-password", again="new-password")
        for socket in sockets:
            self.assertEqual(await socket.closed(), RIGHTS_WITHDRAWN)
        self.assertEqual(await self.refused_at_sign_in(), "登录失败，账号或密码错误")
        again = await self.connect()
        answer = await again.sign_in(self.world.appid, "User1", "new-password")
        self.assertEqual(answer, {"code": 0, "msg": "登录成功", "query": "login"})


class AnEditedNickname(AdminSocketTest):
    async def test_leaves_the_sockets_open(self) -> None:
        socket = await self.signed_in("User1")
        page = CHANGE.format(self.world.get("User1").pk)
        await self.staff.submit(page, nickname="张三丰", avatar="", enabled="on", _save="Save")
        self.assertEqual(await socket.pending(), [])
        self.assertEqual(self.world.get("User1").nickname, "张三丰")


class DisablingAnApp(AdminSocketTest):
    async def test_closes_the_sockets_of_all_its_accounts(self) -> None:
        sockets = [*await self.on_each_server("User1"), *await self.on_each_server("User2")]
        await self.staff.submit(f"/admin/accounts/app/{self.world.app.pk}/change/", name="gone", _save="Save")
        for socket in sockets:
            self.assertEqual(await socket.closed(), RIGHTS_WITHDRAWN)
        self.assertEqual(await self.refused_at_sign_in(), "账号已停用")


class ANewAccount(AdminSocketTest):
    async def test_signs_in_with_the_password_that_staff_gave_it(self) -> None:
        await self.staff.submit(
            "/admin/accounts/account/add/",
            app=self.world.app.pk,
            name="Ken",
            new_password="kens-password",
            nickname="Ken",
            avatar="",
        )
        client = await self.connect()
        answer = await client.sign_in(self.world.appid, "Ken", "kens-password")
        self.assertEqual(answer, {"code": 0, "msg": "登录成功", "query": "login"})


class ANotification(AdminSocketTest):
    WORDS = "双十一活动开始啦"

    async def send(self, recipient: Account | None = None) -> str:
        return await self.staff.submit(
            "/admin/chat/notification/add/",
            app=self.world.app.pk,
            recipient=recipient.pk if recipient else "",
            text=self.WORDS,
            _confirmed="",
        )

    async def until_told(self, page: str) -> None:
        """Wait until the list of notifications says that this one has reached both accounts."""
        async with asyncio.timeout(PATIENCE):
            while "2 accounts were told" not in page or "so far" in page:
                await a_moment()
                page = await self.staff.get("/admin/chat/notification/")

    async def test_reaches_every_account_of_the_app_wherever_it_is_connected(self) -> None:
        sockets = [*await self.on_each_server("User1"), *await self.on_each_server("User2")]
        page = await self.send()
        for socket in sockets:
            heard = await socket.hear("user_message")
            self.assertEqual(heard["data"]["account"], self.world.notification.name)
            self.assertEqual(heard["data"]["message"], text(self.WORDS))
        await self.until_told(page)

    async def test_stands_in_the_list_as_a_notification_that_is_not_read(self) -> None:
        await self.until_told(await self.send())
        (row,) = (await (await self.signed_in("User1")).ask("users"))["data"]
        self.assertEqual((row["type"], row["last_msg"], row["noread_nums"]), (-1, self.WORDS, 1))
        self.assertEqual(row["account"], self.world.notification.name)

    async def test_for_one_account_reaches_nobody_else(self) -> None:
        one, two = await self.signed_in("User1"), await self.signed_in("User2")
        await self.send(self.world.get("User1"))
        await one.hear("user_message")
        self.assertEqual(await self.silence(two, "User2"), [])
        self.assertEqual([m.recipient_id for m in self.world.messages()], [self.world.get("User1").pk])

    async def test_does_not_reach_other_apps(self) -> None:
        stranger = type(self.world)(self.deployment.alias)
        stranger.account("User1")
        await self.until_told(await self.send())
        self.assertEqual(list(stranger.messages()), [])

    async def test_is_read_on_arrival_by_whoever_is_in_the_room(self) -> None:
        one = await self.signed_in("User1")
        await one.ask("enter_chats", account=self.world.notification.name)
        await self.send(self.world.get("User1"))
        await one.hear("user_message")
        async with asyncio.timeout(PATIENCE):
            while (await one.ask("users"))["data"][0]["noread_nums"]:
                await a_moment()


class BlockingByStaff(AdminSocketTest):
    LIST = "/admin/chat/block/"

    async def test_is_told_to_the_account_and_in_force_at_once_in_every_process(self) -> None:
        ones, twos = await self.on_each_server("User1"), await self.on_each_server("User2")
        owner, blocked = self.world.get("User1"), self.world.get("User2")
        await self.staff.submit(f"{self.LIST}add/", owner=owner.pk, blocked=blocked.pk, _save="Save")
        for one in ones:
            heard = await one.hear("sync_block")
            self.assertEqual(heard["data"], {"account": "User1", "chat_account": "User2", "is_blocked": 1})
        for two in twos:
            self.assert_refused(await two.tell("User1", "在吗"), "blocked", "send")

    async def test_ends_with_the_row(self) -> None:
        one, two = await self.signed_in("User1"), await self.signed_in("User2")
        await one.ask("block", account="User2")
        row = Block.objects.using(self.world.alias).get(owner=self.world.get("User1"))
        await self.staff.submit(f"{self.LIST}{row.pk}/delete/", post="yes")
        self.assertEqual((await one.hear("sync_block"))["data"]["is_blocked"], 0)
        self.assertEqual((await two.tell("User1", "在吗"))["code"], 0)
