"""Apps are tenants: accounts of one never meet those of another, though they are called the same."""

import itertools
from typing import Any

from tests import wrong
from tests.case import SocketTest, text
from tests.client import Client
from tests.world import PASSWORD, World

LEFT_OUT = None
OWN = {"page", "limit", "message", "client_id", "operation", "content", "events", "typing", "api_token"}
"""Keys of queries that name nothing which could be another's."""


class TwoAppsWithEqualNames(SocketTest):
    """User1 and User2 and the shop dev17 are in both apps; Stranger is in the other one alone."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.other = World(self.deployment.alias)
        for world, answer in ((self.world, "我们的回答"), (self.other, "他们的回答")):
            world.accounts("User1", "User2")
            world.shop("dev17", 17, {1: ("包邮吗", answer)})
        self.other.account("Stranger")
        self.one = await self.signed_in("User1")
        self.their_two = await self.of_the_other_app("User2")

    async def of_the_other_app(self, account: str) -> Client:
        client = await self.connect()
        self.assertEqual((await client.sign_in(self.other.appid, account, PASSWORD))["code"], 0)
        return client

    async def unheard(self) -> None:
        """Their User2 was told nothing. Both apps' servers are the same, so a message of their own comes last."""
        their_one = await self.of_the_other_app("User1")
        await their_one.tell("User2", "完")
        heard = await self.their_two.hear("user_message", message=text("完"))
        self.assertEqual(heard["data"]["account"], "User1")
        self.assertEqual(self.their_two.heard, [])

    async def test_a_message_goes_to_the_account_of_ones_own_app(self) -> None:
        await self.one.tell("User2", "你好")
        await self.unheard()
        self.assertEqual(self.world.messages().get().recipient, self.world.get("User2"))

    async def test_entering_is_told_in_ones_own_app(self) -> None:
        await self.one.ask("enter_chats", account="User2")
        await self.unheard()

    async def test_entering_reads_nothing_in_the_other_app(self) -> None:
        await self.one.ask("enter_chats", account="User2")
        receipt = await self.their_two.tell("User1", "在吗")
        self.assertEqual(receipt["data"]["is_read"], 0)

    async def test_lists_and_pages_hold_ones_own_messages_alone(self) -> None:
        await self.their_two.tell("User1", "他们的话")
        self.assertEqual((await self.one.ask("users"))["data"], [])
        for query in ("chats", "history_chats"):
            self.assertEqual((await self.one.ask(query, account="User2"))["data"]["list"], [])

    async def test_deleting_and_pinning_leave_the_other_app_alone(self) -> None:
        await self.their_two.tell("User1", "他们的话")
        their_one = await self.of_the_other_app("User1")
        await self.one.ask("chat_delete", account="User2")
        self.assert_refused(await self.one.ask("top", account="User2", operation="set"), "unknown_conversation", "top")
        rows = (await their_one.ask("users"))["data"]
        self.assertEqual([(row["account"], row["is_top"], row["noread_nums"]) for row in rows], [("User2", 0, 1)])

    async def test_a_robot_answers_for_its_own_app(self) -> None:
        answer = await self.one.ask("robot", account="dev17", shop_id=17, content="包邮吗")
        self.assertEqual(answer["data"]["message"], text("我们的回答"))
        menu = await self.one.ask("robot", account="dev17", shop_id=17)
        self.assertEqual(menu["data"]["message"]["data"]["list"][0]["answer"], "我们的回答")

    async def test_a_client_id_belongs_to_ones_own_app(self) -> None:
        await self.their_two.ask("send", account="User1", message=text("你好"), client_id="a-1")
        answer = await self.one.ask("send", account="User2", message=text("你好啊"), client_id="a-1")
        self.assertEqual(answer["code"], 0)

    async def test_an_account_of_the_other_app_alone_is_unknown_to_every_query(self) -> None:
        for query, data in wrong.VALID.items():
            # Whoever leaves a room need not say which.
            if "account" in data and query not in ("login", "leave_chats"):
                with self.subTest(query):
                    refused = await self.one.ask(query, **{**data, "account": "Stranger"})
                    self.assert_refused(refused, "unknown_account", query)
        self.assertEqual((await self.one.ask("online", accounts=["Stranger"]))["data"], [])
        self.assertFalse(self.other.messages().exists())

    async def test_nobody_signs_in_with_the_other_apps_appid(self) -> None:
        self.world.account("OnlyHere")
        client = await self.connect()
        answer = await client.sign_in(self.other.appid, "OnlyHere", PASSWORD)
        self.assertEqual(answer["msg"], "登录失败，账号或密码错误")


class WhatIsOfOthers(SocketTest):
    """Another app is full of canaries, and so is what two others of the own app say to each other."""

    CANARY = "金丝雀"

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.other = World(self.deployment.alias)
        for name in ("User1", "User2", "Stranger"):
            self.other.account(name, nickname=f"{self.CANARY}{name}", avatar=f"{self.CANARY}.jpg")
        self.other.shop("dev17", 17, {1: (self.CANARY, self.CANARY)}, greeting=self.CANARY, fallback=self.CANARY)
        self.other.shop("dev99", 99, {9: (self.CANARY, self.CANARY)}, greeting=self.CANARY, fallback=self.CANARY)
        self.world.accounts("User1", "User2", "User3", "User4")
        self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        self.world.shop("dev18", 18, {2: (self.CANARY, self.CANARY)})
        self.ids = [await self.said(self.other, "User1", "User2"), await self.said(self.world, "User3", "User4")]
        self.one = await self.signed_in("User1")

    async def said(self, world: World, sender: str, recipient: str) -> int:
        """The id of a message with a canary, between others."""
        client = await self.connect()
        await client.sign_in(world.appid, sender, PASSWORD)
        message_id: int = (await client.tell(recipient, self.CANARY))["message_id"]
        return message_id

    async def heard(self, query: str, **data: Any) -> str:
        """All that the socket is answered, as it stands."""
        await self.one.request(query, **data)
        return str(await self.one.pending())

    def foreign(self) -> dict[str, list[Any]]:
        """Keys that name something which may be another's, with such values; `LEFT_OUT` is one of them."""
        names = ["User2", "User3", "User4", "Stranger", "dev17", "dev18", "dev99", "notification"]
        return {
            "account": names,
            "accounts": [names],
            "start_id": [LEFT_OUT, *(message_id + 1 for message_id in self.ids)],
            "after_id": [LEFT_OUT, *(message_id - 1 for message_id in self.ids)],
            "message_id": self.ids,
            "shop_id": [17, 99],
            "question_id": [LEFT_OUT, 1, 2, 9],
        }

    def test_can_be_named_by_no_key_that_is_not_tried(self) -> None:
        keys = {key for query, keys in wrong.keys().items() if query != "login" for key in keys}
        self.assertEqual(keys, {*self.foreign(), *OWN})

    async def test_never_shows_whatever_is_asked(self) -> None:
        foreign = self.foreign()
        for query, keys in wrong.keys().items():
            if query == "login":
                continue
            for values in itertools.product(*(foreign[key] for key in sorted(keys & set(foreign)))):
                named = dict(zip(sorted(keys & set(foreign)), values, strict=True))
                asked = {**wrong.VALID[query], **named}
                asked = {key: value for key, value in asked.items() if value is not LEFT_OUT}
                with self.subTest(query, **named):
                    self.assertNotIn(self.CANARY, await self.heard(query, **asked))

    async def test_is_not_heard_when_it_is_said(self) -> None:
        await self.said(self.other, "User2", "User1")
        await self.said(self.world, "User4", "User3")
        self.assertEqual(await self.silence(self.one, "User1"), [])
