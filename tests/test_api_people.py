"""What pages ask over HTTP for the person who is signed in: a sign-in that is kept, who one is, whom one talks with."""

import asyncio
from typing import Any, ClassVar
from urllib.parse import urlencode

from accounts import tokens
from accounts.models import Account, Source
from chat.models import Block, LastSeen
from tests.api_case import ApiTest
from tests.client import a_moment
from tests.http import Answer, Http
from tests.world import PASSWORD


class PeopleTest(ApiTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "Stranger")
        self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})

    def token_of(self, name: str) -> str:
        return tokens.issue(self.world.get(name))

    async def asked_by(self, name: str, *parts: object) -> Answer:
        return await self.api("GET", "me", *parts, bearer=self.token_of(name))


class ASignInThatIsKept(PeopleTest):
    def credentials(self, **more: Any) -> dict[str, Any]:
        return {"appid": self.world.appid, "account": "User1", **more}

    async def kept(self) -> str:
        """The cookie that signing in set."""
        login = self.credentials(password=PASSWORD, keep=True)
        answer = await self.api("POST", "tokens", data=login, bearer="")
        self.assertEqual(answer.status, 200, answer.content)
        return answer.headers["set-cookie"]

    async def renewed(self, cookie: str, **who: str) -> Answer:
        http = Http(self.deployment.next_server(), more={"Cookie": cookie.partition(";")[0]})
        return await asyncio.to_thread(http, "POST", "/api/tokens/kept/", {**self.credentials(), **who})

    async def test_stands_in_a_cookie_that_no_script_and_no_other_site_can_use(self) -> None:
        cookie = await self.kept()
        for word in ("HttpOnly", "SameSite=Strict", "Path=/api/tokens/kept/", "Max-Age=1209600"):
            self.assertIn(word, cookie)

    async def test_gives_new_tokens_and_is_itself_renewed(self) -> None:
        answer = await self.renewed(await self.kept())
        self.assertEqual(answer.status, 200, answer.content)
        self.assertIn("HttpOnly", answer.headers["set-cookie"])
        client = await self.connect()
        self.assertEqual((await client.ask("login", token=answer.json["token"]))["code"], 0)

    async def test_is_no_token_itself(self) -> None:
        value = (await self.kept()).partition(";")[0].partition("=")[2]
        client = await self.connect()
        self.assert_refused(await client.ask("login", token=value), "token_invalid", "login")

    async def test_is_of_one_account_alone(self) -> None:
        self.assert_problem(await self.renewed(await self.kept(), account="User2"), 401, "key_invalid")

    async def test_is_not_made_unless_asked_for(self) -> None:
        answer = await self.api("POST", "tokens", data=self.credentials(password=PASSWORD), bearer="")
        self.assertNotIn("set-cookie", answer.headers)

    async def test_is_void_once_rights_were_withdrawn(self) -> None:
        cookie = await self.kept()
        accounts = Account.objects.using(self.world.alias).filter(app=self.world.app)
        accounts.update(token_epoch=1)
        self.assert_problem(await self.renewed(cookie), 401, "key_invalid")
        cookie = await self.kept()
        accounts.update(enabled=False)
        self.assert_problem(await self.renewed(cookie), 403, "account_disabled")

    async def test_is_forgotten_when_the_page_says_so(self) -> None:
        answer = await self.api("DELETE", "tokens", "kept", query=urlencode(self.credentials()), bearer="")
        self.assertEqual(answer.status, 204)
        self.assertIn("Max-Age=0", answer.headers["set-cookie"])


class WhoIsSignedIn(PeopleTest):
    async def test_is_told_with_the_shop_that_the_account_speaks_for(self) -> None:
        told = (await self.asked_by("dev17")).json
        self.assertEqual(told["shop"], {"number": 17, "name": "dev17"})
        self.assertEqual((told["appid"], told["account"], told["nickname"]), (self.world.appid, "dev17", "dev17"))
        self.assertIsNone((await self.asked_by("User1")).json["shop"])

    async def test_is_nobody_with_an_app_key_or_with_nothing(self) -> None:
        self.assert_problem(await self.api("GET", "me"), 401, "key_missing")
        self.assert_problem(await self.api("GET", "me", bearer="nonsense"), 401, "key_invalid")


class WhomOneTalksWith(PeopleTest):
    GOODS: ClassVar = {"goods_id": 9, "goods_cover": "/a.jpg", "goods_price": "199"}

    async def test_is_told_to_a_shop_with_source_and_product(self) -> None:
        self.world.said("User1", "dev17", {"type": "goods", "content": "商品", "data": {"goods_id": 8}})
        first = self.world.messages().get()
        self.world.said("User1", "dev17", {"type": "goods", "content": "商品", "data": self.GOODS})
        self.world.said("dev17", "User1", {"type": "txt", "content": "goods"})
        at = first.created_at
        LastSeen.objects.using(self.world.alias).create(account=self.world.get("User1"), at=at, source=Source.WECHAT)
        told = (await self.asked_by("dev17", "peers", "User1")).json
        self.assertEqual((told["account"], told["last_source"], told["goods"]), ("User1", Source.WECHAT, self.GOODS))
        self.assertEqual(told["talking_since"], told["last_seen"])

    async def test_is_told_to_a_customer_without_them(self) -> None:
        self.world.said("User1", "dev17", {"type": "goods", "content": "商品", "data": self.GOODS})
        told = (await self.asked_by("User1", "peers", "dev17")).json
        self.assertEqual(told["shop"], {"number": 17, "name": "dev17"})
        self.assertEqual((told["last_source"], told["goods"]), (None, None))

    async def test_is_not_told_when_the_one_who_blocked_them_was_here(self) -> None:
        alias, one, shop = self.world.alias, self.world.get("User1"), self.world.get("dev17")
        at = self.world.said("User1", "dev17", {"type": "txt", "content": "hi"}).created_at
        LastSeen.objects.using(alias).create(account=one, at=at, source=Source.WECHAT)
        Block.objects.using(alias).create(owner=one, blocked=shop)
        told = (await self.asked_by("dev17", "peers", "User1")).json
        self.assertEqual((told["last_seen"], told["last_source"]), (None, None))

    async def test_is_no_stranger(self) -> None:
        for name in ("Stranger", "Nobody", "notification", "a\0b"):
            with self.subTest(name):
                self.assert_problem(await self.asked_by("User1", "peers", name), 404, "unknown_account")

    async def test_came_from_where_its_last_socket_says(self) -> None:
        self.world.said("User1", "dev17", {"type": "txt", "content": "hi"})
        await (await self.connect()).ask("login", token=self.token_of("User1"), source=3)
        async with asyncio.timeout(10):
            while (await self.asked_by("dev17", "peers", "User1")).json["last_source"] != Source.ALIPAY:
                await a_moment()


class TheDeskOfAShop(PeopleTest):
    PLACE: ClassVar = ("me", "shop", "quick-replies")

    async def by_shop(self, method: str, *parts: object, shop: str = "dev17", **options: Any) -> Answer:
        return await self.api(method, *self.PLACE, *parts, bearer=self.token_of(shop), **options)

    async def test_has_the_shops_enabled_questions(self) -> None:
        self.world.shop("dev18", 18, {1: ("别的店", "别的店")})
        asked = await self.asked_by("dev17", "shop", "questions")
        self.assertEqual(asked.json["questions"], [{"number": 1, "question": "包邮吗", "answer": "包邮"}])

    async def test_is_for_shops_alone(self) -> None:
        self.assert_problem(await self.asked_by("User1", "shop", "questions"), 403, "no_shop")
        self.assert_problem(await self.by_shop("GET", shop="User1"), 403, "no_shop")

    async def test_keeps_quick_replies(self) -> None:
        hello = (await self.by_shop("POST", data={"shortcut": "hi", "text": "您好 {name}"})).json
        await self.by_shop("POST", data={"shortcut": "bye", "text": "再见"})
        changed = await self.by_shop("PUT", hello["id"], data={"shortcut": "你好", "text": "您好"})
        self.assertEqual(changed.json, {"id": hello["id"], "shortcut": "你好", "text": "您好"})
        replies = (await self.by_shop("GET")).json["replies"]
        self.assertEqual([reply["shortcut"] for reply in replies], ["bye", "你好"])
        self.assertEqual((await self.by_shop("DELETE", hello["id"])).status, 204)
        self.assert_problem(await self.by_shop("DELETE", hello["id"]), 404, "not_found")

    async def test_has_each_shortcut_once(self) -> None:
        await self.by_shop("POST", data={"shortcut": "hi", "text": "您好"})
        again = self.assert_problem(
            await self.by_shop("POST", data={"shortcut": "hi", "text": "嗨"}), 400, "invalid_request"
        )
        self.assertEqual((again["errors"][0]["field"], again["errors"][0]["code"]), ("shortcut", "taken"))

    async def test_takes_no_shortcut_that_could_not_be_typed(self) -> None:
        for shortcut in ("", "a b", "a/b", "x" * 33):
            with self.subTest(shortcut):
                answer = await self.by_shop("POST", data={"shortcut": shortcut, "text": "您好"})
                self.assert_problem(answer, 400, "invalid_request")

    async def test_is_not_another_shops(self) -> None:
        self.world.shop("dev18", 18, {})
        mine = (await self.by_shop("POST", data={"shortcut": "hi", "text": "您好"})).json
        self.assertEqual((await self.by_shop("GET", shop="dev18")).json, {"replies": []})
        for method, data in (("PUT", {"shortcut": "hi", "text": "坏"}), ("DELETE", None)):
            answer = await self.by_shop(method, mine["id"], shop="dev18", data=data)
            self.assert_problem(answer, 404, "not_found")
