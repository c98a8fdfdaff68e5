"""`login`: from an open socket to one that acts for an account."""

import time
from datetime import timedelta
from typing import Any, ClassVar

import msgspec
from django.core import signing
from django.db.models import F
from django.utils import timezone

from accounts import tokens
from accounts.models import Account
from chat.guests import PREFIX
from chat.models import Guest
from robots.models import Shop
from tests.case import OwnServerTest, SocketTest, text
from tests.client import Client, Heard, a_moment
from tests.world import PASSWORD

SUCCESS = {"code": 0, "msg": "登录成功", "query": "login"}
FAILURE = {"code": 2, "msg": "登录失败，账号或密码错误", "query": "login"}


class SigningInWithAPassword(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.account("User1")
        self.client = await self.connect()

    async def test_success_is_answered_with_the_documents_frame(self) -> None:
        self.assertEqual(await self.client.sign_in(self.world.appid, "User1", PASSWORD), SUCCESS)

    async def test_every_source_is_welcome(self) -> None:
        for source in (1, 2, 3, 4):
            self.assertEqual(await self.client.sign_in(self.world.appid, "User1", PASSWORD, source), SUCCESS)

    async def test_a_source_of_no_kind_is_refused(self) -> None:
        for source in (0, 5, -1):
            heard = await self.client.sign_in(self.world.appid, "User1", PASSWORD, source)
            self.assert_refused(heard, "invalid_field", "login")
            self.assertEqual(heard["field"], "data.source")

    async def test_numbers_may_come_as_strings_and_unknown_keys_are_ignored(self) -> None:
        data = {"account": "User1", "password": PASSWORD, "source": "3", "device": {"model": "x"}}
        frame = {"appid": self.world.appid, "query": "login", "data": data, "version": 2}
        await self.client.say(msgspec.json.encode(frame).decode())
        self.assertEqual(await self.client.next(), SUCCESS)

    async def test_seq_comes_back_beside_the_documents_keys(self) -> None:
        for seq in (7, "a-1"):
            data = {"account": "User1", "password": PASSWORD}
            frame = {"appid": self.world.appid, "query": "login", "data": data, "seq": seq}
            await self.client.say(msgspec.json.encode(frame).decode())
            self.assertEqual(await self.client.next(), {**SUCCESS, "seq": seq})


class AFailedSignIn(SocketTest):
    """Whatever was wrong, the answer is one and the same, so that nobody can find out which accounts there are."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.account("User1")
        self.client = await self.connect()

    async def test_wrong_password(self) -> None:
        self.assertEqual(await self.client.sign_in(self.world.appid, "User1", "wrong"), FAILURE)

    async def test_unknown_account(self) -> None:
        self.assertEqual(await self.client.sign_in(self.world.appid, "Nobody", PASSWORD), FAILURE)

    async def test_unknown_app(self) -> None:
        self.assertEqual(await self.client.sign_in("no-such-app", "User1", PASSWORD), FAILURE)

    async def test_names_and_passwords_are_told_apart_by_every_letter(self) -> None:
        for account, password in (("user1", PASSWORD), ("User1 ", PASSWORD), ("User1", PASSWORD + " "), ("User1", "")):
            self.assertEqual(await self.client.sign_in(self.world.appid, account, password), FAILURE)

    async def test_the_notification_account_even_with_its_right_password(self) -> None:
        hashed = self.world.get("User1").password
        Account.objects.using(self.world.alias).filter(pk=self.world.notification.pk).update(password=hashed)
        heard = await self.client.sign_in(self.world.appid, self.world.notification.name, PASSWORD)
        self.assertEqual(heard, FAILURE)

    async def test_the_socket_is_still_good_for_another_attempt(self) -> None:
        await self.client.sign_in(self.world.appid, "User1", "wrong")
        self.assert_refused(await self.client.ask("users"), "login_required", "users")
        self.assertEqual(await self.client.sign_in(self.world.appid, "User1", PASSWORD), SUCCESS)


class ADisabledAccount(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.client = await self.connect()

    async def test_is_told_so_if_the_password_is_right(self) -> None:
        self.world.account("User1", enabled=False)
        heard = await self.client.sign_in(self.world.appid, "User1", PASSWORD)
        self.assert_refused(heard, "account_disabled", "login")

    async def test_is_not_told_so_if_the_password_is_wrong(self) -> None:
        self.world.account("User1", enabled=False)
        self.assertEqual(await self.client.sign_in(self.world.appid, "User1", "wrong"), FAILURE)

    async def test_as_is_every_account_of_a_disabled_app(self) -> None:
        self.world.account("User1")
        self.world.app.enabled = False
        self.world.app.save(using=self.world.alias)
        heard = await self.client.sign_in(self.world.appid, "User1", PASSWORD)
        self.assert_refused(heard, "account_disabled", "login")


class SigningInWithAToken(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.account = self.world.account("User1")
        self.client = await self.connect()

    async def login(self, token: str) -> Heard:
        return await self.client.ask("login", token=token)

    async def test_success_is_answered_as_with_a_password(self) -> None:
        heard = await self.login(tokens.issue(self.account))
        self.assertEqual({key: value for key, value in heard.items() if key != "seq"}, SUCCESS)
        self.assertEqual((await self.client.ask("users"))["code"], 0)

    async def test_an_expired_token_is_refused(self) -> None:
        token = tokens.issue(self.account, timedelta(seconds=-1))
        self.assert_refused(await self.login(token), "token_expired", "login")

    async def test_a_token_expires_by_itself(self) -> None:
        token = tokens.issue(self.account, timedelta(seconds=2))
        self.assertEqual((await self.login(token))["code"], 0)
        deadline = time.monotonic() + 10
        while (answer := await self.login(token))["code"] == 0 and time.monotonic() < deadline:
            await a_moment()
        self.assert_refused(answer, "token_expired", "login")

    async def test_a_forged_token_is_refused(self) -> None:
        content = [self.account.pk, self.account.token_epoch, int(time.time()) + 60]
        genuine = tokens.issue(self.account)
        forged = signing.dumps(content, key="another key", salt=tokens.SALT)
        for_other_use = signing.dumps(content, salt="something else")
        for token in (forged, for_other_use, genuine[1:], genuine + "x", "", "不是凭证", "a:b:c"):
            with self.subTest(token):
                self.assert_refused(await self.login(token), "token_invalid", "login")

    async def test_a_revoked_token_is_refused(self) -> None:
        token = tokens.issue(self.account)
        Account.objects.using(self.world.alias).filter(pk=self.account.pk).update(token_epoch=F("token_epoch") + 1)
        self.assert_refused(await self.login(token), "token_invalid", "login")

    async def test_a_token_of_a_disabled_account_is_refused(self) -> None:
        token = tokens.issue(self.account)
        Account.objects.using(self.world.alias).filter(pk=self.account.pk).update(enabled=False)
        self.assert_refused(await self.login(token), "account_disabled", "login")

    async def test_no_token_signs_in_as_the_notification_account(self) -> None:
        self.assert_refused(await self.login(tokens.issue(self.world.notification)), "token_invalid", "login")


class ASecondLoginOnASocket(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "User3")
        self.client = await self.signed_in("User1", self.deployment.servers[0])

    async def switch(self) -> None:
        self.assertEqual(await self.client.sign_in(self.world.appid, "User2", PASSWORD), SUCCESS)

    async def test_makes_it_act_for_the_second_account(self) -> None:
        await self.switch()
        await self.client.tell("User3", "我是谁")
        self.assertEqual([message.sender.name for message in self.world.messages()], ["User2"])

    async def test_makes_it_hear_what_the_second_account_is_sent_and_nothing_else(self) -> None:
        await self.switch()
        three = await self.signed_in("User3")
        await three.tell("User1", "给一")
        await three.tell("User2", "给二")
        heard = await self.silence(self.client, "User2")
        self.assertEqual([(f["query"], f["data"]["message"]) for f in heard], [("user_message", text("给二"))])

    async def test_takes_it_out_of_the_first_accounts_room(self) -> None:
        await self.client.ask("enter_chats", account="User3")
        await self.switch()
        three = await self.signed_in("User3", self.deployment.servers[0])
        self.assertEqual((await three.tell("User1", "在吗"))["data"]["is_read"], 0)

    async def test_that_fails_leaves_it_signed_in_and_in_the_room(self) -> None:
        shop = self.world.shop("dev17", 17, {}, guests=True)
        guest = self.world.account(f"{PREFIX}1")
        Guest.objects.using(self.world.alias).create(account=guest, shop=shop, used_at=timezone.now())
        Shop.objects.using(self.world.alias).filter(pk=shop.pk).update(guests=False)
        await self.client.ask("subscribe", events=["typing"])
        await self.client.ask("enter_chats", account="User3")
        answer = await self.client.ask("login", token=tokens.issue(guest))
        self.assert_refused(answer, "unknown_shop", "login")
        three = await self.signed_in("User3", self.deployment.servers[0])
        self.assertEqual((await three.tell("User1", "在吗"))["data"]["is_read"], 1)
        await three.say('{"query":"typing","data":{"account":"User1","typing":1}}')
        await self.client.hear("sync_typing")


class NotSigningInInTime(OwnServerTest):
    environment: ClassVar = {"CHAT_SIGN_IN_SECONDS": "2"}

    async def test_closes_the_socket_and_no_other(self) -> None:
        token = tokens.issue(self.world.account("User1"))
        idle, busy = await self.connect(), await self.connect()
        self.assertEqual((await busy.ask("login", token=token))["code"], 0)
        self.assertEqual(await idle.closed(), 4401)
        self.assertEqual(await busy.pending(), [])

    async def test_closes_a_socket_whose_attempts_fail(self) -> None:
        client = await self.connect()
        self.assert_refused(await client.ask("login", token="nobody's"), "token_invalid", "login")
        self.assertEqual(await client.closed(), 4401)


class TooManySignIns(OwnServerTest):
    environment: ClassVar = {"CHAT_LIMITS": "1", "CHAT_SIGN_INS_PER_MINUTE": "3"}

    async def test_are_refused_for_the_address_with_the_seconds_to_wait(self) -> None:
        self.world.account("User1")
        one, other = await self.connect(), await self.connect()
        for client in (one, other, one):
            self.assertEqual(await client.sign_in(self.world.appid, "User1", PASSWORD), SUCCESS)
        heard = await other.sign_in(self.world.appid, "User1", PASSWORD)
        self.assert_refused(heard, "too_many_requests", "login")
        self.assertGreater(heard["retry_after"], 0)
        self.assertLessEqual(heard["retry_after"], 20)


class ALoginWithHalfOfWhatItNeeds(SocketTest):
    async def refused(self, client: Client, **data: Any) -> str:
        heard = await client.ask("login", **data)
        self.assert_refused(heard, "invalid_field", "login")
        field: str = heard["field"]
        return field

    async def test_is_told_what_is_missing(self) -> None:
        client = await self.connect()
        self.assertEqual(await self.refused(client, account="User1"), "data.password")
        self.assertEqual(await self.refused(client, password=PASSWORD), "data.account")
