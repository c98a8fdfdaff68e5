"""`/api/accounts/`: made and changed by name, one or many, and what their sockets notice of it."""

import asyncio
from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from accounts.lifecycle import rights_withdrawn
from accounts.models import Account, Source
from accounts.provisioning import Wanted, provision
from chat.models import LastSeen
from tests.api_case import ApiTest
from tests.case import text
from tests.client import PATIENCE, a_moment
from tests.world import World


class Putting(ApiTest):
    async def test_makes_an_account_that_signs_in_at_once(self) -> None:
        shown = await self.done(
            "PUT",
            "accounts",
            "张三",
            status=201,
            data={"nickname": "三哥", "avatar": "a/b.jpg", "password": "secret-1"},
        )
        self.assertEqual(
            {**shown, "created_at": ""},
            {
                "account": "张三",
                "nickname": "三哥",
                "avatar": "a/b.jpg",
                "disabled": False,
                "created_at": "",
            },
        )
        client = await self.connect()
        self.assertEqual((await client.sign_in(self.world.appid, "张三", "secret-1"))["code"], 0)

    async def test_the_same_again_changes_nothing_and_closes_no_socket(self) -> None:
        data = {"nickname": "三哥", "password": "secret-1", "api_token": "t", "disabled": False}
        await self.done("PUT", "accounts", "User1", status=201, data=data)
        before = self.world.get("User1")
        client = await self.connect()
        await client.sign_in(self.world.appid, "User1", "secret-1")
        await self.done("PUT", "accounts", "User1", data=data)
        after = self.world.get("User1")
        self.assertEqual((before.password, before.token_epoch), (after.password, after.token_epoch))
        self.assertEqual((await client.ask("users"))["code"], 0)

    async def test_leaves_alone_what_is_left_out(self) -> None:
        await self.done("PUT", "accounts", "User1", status=201, data={"nickname": "三哥", "avatar": "a.jpg"})
        shown = await self.done("PUT", "accounts", "User1", data={"avatar": ""})
        self.assertEqual((shown["nickname"], shown["avatar"]), ("三哥", ""))

    async def test_another_password_closes_the_sockets(self) -> None:
        await self.done("PUT", "accounts", "User1", status=201, data={"password": "secret-1"})
        client = await self.connect()
        await client.sign_in(self.world.appid, "User1", "secret-1")
        await self.done("PUT", "accounts", "User1", data={"password": "secret-2"})
        self.assertEqual(await client.closed(), 4403)
        again = await self.connect()
        self.assertEqual((await again.sign_in(self.world.appid, "User1", "secret-1"))["code"], 2)
        self.assertEqual((await again.sign_in(self.world.appid, "User1", "secret-2"))["code"], 0)

    async def test_disabling_closes_the_sockets_and_enabling_lets_in_again(self) -> None:
        self.world.account("User1")
        client = await self.signed_in("User1")
        self.assertTrue((await self.done("PUT", "accounts", "User1", data={"disabled": True}))["disabled"])
        self.assertEqual(await client.closed(), 4403)
        await self.done("PUT", "accounts", "User1", data={"disabled": False})
        await self.signed_in("User1")

    async def test_a_token_of_the_shops_api_must_match_from_then_on(self) -> None:
        self.world.account("User1")
        self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        await self.done("PUT", "accounts", "User1", data={"api_token": "right"})
        client = await self.signed_in("User1")
        self.assertEqual((await client.ask("robot", account="dev17", shop_id=17, api_token="wrong"))["code"], 2)
        self.assertEqual((await client.ask("robot", account="dev17", shop_id=17, api_token="right"))["code"], 0)

    async def test_without_a_password_only_tokens_sign_in(self) -> None:
        await self.done("PUT", "accounts", "User1", status=201, data={})
        client = await self.connect()
        self.assertEqual((await client.sign_in(self.world.appid, "User1", ""))["code"], 2)
        made = await self.done("POST", "accounts", "User1", "tokens", status=201, data={"minutes": 5})
        self.assertEqual((await client.ask("login", token=made["token"]))["code"], 0)

    async def test_says_in_the_readers_language_what_is_wrong_with_a_name(self) -> None:
        for name in ("notification", "..", "erased-1"):
            with self.subTest(name):
                (error,) = (await self.api("PUT", "accounts", name, data={})).json["errors"]
                self.assertRegex(error["message"], "[一-鿿]")

    async def test_refuses_what_no_account_can_be(self) -> None:
        wrong: tuple[tuple[str, Any, str], ...] = (
            ("notification", {}, "account"),
            ("..", {}, "account"),
            ("x" * 65, {}, "account"),
            ("User1", {"password": "12345"}, "password"),
            ("User1", {"password": None}, "password"),
            ("User1", {"nickname": "通知"}, "nickname"),
            ("User1", {"nickname": "x" * 65}, "nickname"),
            ("User1", {"avatar": "a\0b"}, "avatar"),
            ("User1", {"disabled": "perhaps"}, "disabled"),
            ("User1", [], ""),
        )
        for name, data, field in wrong:
            with self.subTest(name=name, data=data):
                problem = self.assert_problem(
                    await self.api("PUT", "accounts", name, data=data), 400, "invalid_request"
                )
                self.assertEqual([error["field"] for error in problem["errors"]], [field])
        self.assertFalse(self.world.app.accounts.using(self.world.alias).filter(kind=1).exists())


class ATokenForASource(ApiTest):
    async def source_of(self, account: str) -> int | None:
        """What the account came from, once that is written down."""
        seen = LastSeen.objects.using(self.world.alias).filter(account__name=account, account__app=self.world.app)
        async with asyncio.timeout(PATIENCE):
            while not seen.exists():
                await a_moment()
        return seen.get().source

    async def test_decides_what_the_socket_counts_as(self) -> None:
        self.world.accounts("User1", "User2")
        for account, data, expected in (("User1", {"source": 2}, Source.WECHAT), ("User2", {}, Source.PC)):
            token = (await self.done("POST", "accounts", account, "tokens", status=201, data=data))["token"]
            client = await self.connect()
            self.assertEqual((await client.ask("login", token=token, source=4))["code"], 0)
            self.assertEqual(await self.source_of(account), expected)

    async def test_is_for_one_that_there_is(self) -> None:
        self.world.accounts("User1")
        answer = await self.api("POST", "accounts", "User1", "tokens", data={"source": 5})
        self.assertEqual(self.assert_problem(answer, 400, "invalid_request")["errors"][0]["field"], "source")


class InBulk(ApiTest):
    async def test_each_row_has_its_result(self) -> None:
        self.world.account("User1", nickname="old")
        self.world.account("User2", nickname="same")
        rows: list[Any] = [
            {"account": "User1", "nickname": "new"},
            {"account": "User2", "nickname": "same"},
            {"account": "User3", "password": "secret-3"},
            {"account": "User4", "password": "short"},
            {"account": "User3"},
            {"nickname": "nobody"},
            {"account": "a/b"},
        ]
        results = (await self.done("POST", "accounts", data={"accounts": rows}))["results"]
        self.assertEqual(
            [(row["account"], row["result"]) for row in results],
            [
                ("User1", "updated"),
                ("User2", "unchanged"),
                ("User3", "created"),
                ("User4", "refused"),
                ("User3", "refused"),
                (None, "refused"),
                ("a/b", "refused"),
            ],
        )
        self.assertEqual(results[3]["problem"]["errors"][0]["field"], "password")
        self.assertEqual(self.world.get("User1").nickname, "new")
        client = await self.connect()
        self.assertEqual((await client.sign_in(self.world.appid, "User3", "secret-3"))["code"], 0)

    async def test_takes_a_thousand_and_no_more(self) -> None:
        rows = [{"account": f"u{number}", "nickname": "x"} for number in range(1001)]
        self.assert_problem(await self.api("POST", "accounts", data={"accounts": rows}), 400, "invalid_request")
        results = (await self.done("POST", "accounts", data={"accounts": rows[:1000]}))["results"]
        self.assertEqual({row["result"] for row in results}, {"created"})
        again = (await self.done("POST", "accounts", data={"accounts": rows[:1000]}))["results"]
        self.assertEqual({row["result"] for row in again}, {"unchanged"})


class AThousandAtOnce(TestCase):
    """With SQLite nobody else writes while they are written, and closing sockets takes time for each that is asked."""

    def setUp(self) -> None:
        self.world = World("default")

    def queries(self, **wanted: Any) -> int:
        """How many it takes to have a thousand accounts so."""
        with CaptureQueriesContext(connection) as captured:
            provision(self.world.app, [Wanted(name=f"u{number}", **wanted) for number in range(1000)])
        return len(captured)

    def test_are_made_with_a_few_dozen_statements(self) -> None:
        self.assertLess(self.queries(nickname="x"), 60)
        self.assertEqual(Account.objects.filter(nickname="x").count(), 1000)

    def test_lose_their_rights_together(self) -> None:
        self.queries()
        told: list[list[int]] = []

        def listen(account_ids: list[int], **signal: Any) -> None:
            told.append(account_ids)

        rights_withdrawn.connect(listen, weak=False)
        self.addCleanup(rights_withdrawn.disconnect, listen)
        with self.captureOnCommitCallbacks(execute=True):
            self.queries(enabled=False)
        self.assertEqual([len(ids) for ids in told], [1000])
        self.assertEqual(Account.objects.filter(enabled=False, token_epoch=1).count(), 1000)


class Lists(ApiTest):
    async def test_go_on_where_the_page_before_ended(self) -> None:
        names = [f"u{number}" for number in range(7)]
        self.world.accounts(*names)
        seen, cursor = [], ""
        while True:
            page = await self.done("GET", "accounts", query=f"limit=3{cursor}")
            seen += [row["account"] for row in page["results"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        self.assertEqual(seen, names)

    async def test_are_filtered(self) -> None:
        self.world.accounts("User1", "User2", "Ken")
        self.world.account("User3", enabled=False)
        for query, expected in (
            ("begins=User", ["User1", "User2", "User3"]),
            ("begins=User&disabled=true", ["User3"]),
            ("disabled=false", ["User1", "User2", "Ken"]),
        ):
            page = await self.done("GET", "accounts", query=query)
            self.assertEqual([row["account"] for row in page["results"]], expected)

    async def test_refuse_a_cursor_that_they_never_gave_out(self) -> None:
        for cursor in ("x", "W10", "WyJhIl0", "Wy0xXQ", "WzEsMl0", "%00"):
            answer = await self.api("GET", "accounts", query=f"cursor={cursor}")
            self.assertIn((answer.status, answer.json["code"]), {(400, "invalid_cursor"), (400, "invalid_request")})


class WhatTheSocketsNotice(ApiTest):
    async def test_a_new_nickname_is_shown_from_then_on(self) -> None:
        self.world.accounts("User1", "User2")
        one = await self.signed_in("User1")
        await one.ask("send", account="User2", message=text("你好"))
        await self.done("PUT", "accounts", "User2", data={"nickname": "李四"})
        self.assertEqual((await one.ask("users"))["data"][0]["nickname"], "李四")
