"""What is written over HTTP in one process appears at once on the sockets of another."""

import asyncio
from typing import Any, ClassVar

from accounts import tokens
from tests.case import SocketTest, text
from tests.client import Client
from tests.http import Http, new_key, path
from tests.world import PASSWORD


class WhatAnotherProcessIsAsked(SocketTest):
    """Sockets are on the first process, and requests go to the second."""

    deployments: ClassVar = ("grown-up",)

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.sockets, self.asked = self.deployment.servers
        self.http = Http(self.asked, new_key(self.world)[1])
        self.world.accounts("User1", "User2")
        self.world.shop("dev17", 17, {1: ("发什么快递", "发顺丰")})

    async def here(self, account: str) -> Client:
        return await self.signed_in(account, self.sockets)

    async def done(self, method: str, *parts: object, **data: Any) -> Any:
        answer = await asyncio.to_thread(self.http, method, path(*parts), data)
        self.assertLess(answer.status, 300, answer.content)
        return answer.json if answer.content else None

    async def test_a_new_nickname_and_picture_are_in_the_lists_of_others(self) -> None:
        one = await self.here("User1")
        await one.tell("User2", "你好")
        await self.done("PUT", "accounts", "User2", nickname="新名字", avatar="new.jpg")
        (row,) = (await one.ask("users"))["data"]
        self.assertEqual((row["nickname"], row["avatar"]), ("新名字", "new.jpg"))

    async def test_a_new_password_closes_sockets_and_makes_tokens_and_the_old_one_void(self) -> None:
        one, token = await self.here("User1"), tokens.issue(self.world.get("User1"))
        await self.done("PUT", "accounts", "User1", password="another-one")
        self.assertEqual(await one.closed(), 4403)
        client = await self.connect(self.sockets)
        self.assert_refused(await client.ask("login", token=token), "token_invalid", "login")
        answer = await client.sign_in(self.world.appid, "User1", PASSWORD)
        self.assertEqual(answer["msg"], "登录失败，账号或密码错误")
        self.assertEqual((await client.sign_in(self.world.appid, "User1", "another-one"))["code"], 0)

    async def test_disabling_closes_sockets_and_many_at_once_do(self) -> None:
        clients = [await self.here(name) for name in ("User1", "User2")]
        rows = [{"account": name, "disabled": True} for name in ("User1", "User2")]
        await self.done("POST", "accounts", accounts=rows)
        self.assertEqual([await client.closed() for client in clients], [4403, 4403])

    async def test_a_robot_has_its_new_words_and_questions(self) -> None:
        one = await self.here("User1")
        self.assertIn("发顺丰", str(await one.ask("robot", account="dev17", shop_id=17, content="发什么快递")))
        await self.done("PUT", "shops", 17, greeting="您好呀", fallback="不知道")
        await self.done(
            "PUT", "shops", 17, "questions", questions=[{"number": 2, "question": "发什么快递", "answer": "发圆通"}]
        )
        menu = (await one.ask("robot", account="dev17", shop_id=17))["data"]["message"]["data"]
        self.assertEqual((menu["title"], menu["list"][0]["question_id"]), ("您好呀", 2))
        self.assertIn("发圆通", str(await one.ask("robot", account="dev17", shop_id=17, content="发什么快递")))
        self.assertIn("不知道", str(await one.ask("robot", account="dev17", shop_id=17, content="火星有水吗")))

    async def test_a_robot_stands_in_from_then_on(self) -> None:
        one = await self.here("User1")
        await self.done("PUT", "shops", 17, speaks="alone")
        await one.tell("dev17", "发什么快递")
        await one.hear("user_message", account="dev17", message=text("发顺丰"))

    async def test_a_new_shop_can_be_asked(self) -> None:
        one = await self.here("User1")
        await self.done("PUT", "shops", 18, account="User2", name="新店", greeting="新店您好")
        menu = await one.ask("robot", account="User2", shop_id=18)
        self.assertEqual(menu["data"]["message"]["data"]["title"], "新店您好")

    async def test_notifications_are_heard_by_one_by_some_and_by_all(self) -> None:
        one, two = await self.here("User1"), await self.here("User2")
        await self.done("POST", "notifications", accounts=["User1"], message=text("给一个"))
        await self.done("POST", "notifications", accounts=["User1", "User2"], message=text("给两个"))
        await self.done("POST", "notifications", everybody=True, message=text("给所有人"))
        for client, contents in ((one, ("给一个", "给两个", "给所有人")), (two, ("给两个", "给所有人"))):
            for content in contents:
                await client.hear("user_message", account="notification", message=text(content))

    async def test_what_a_shop_says_is_heard_on_both_sides(self) -> None:
        one, shop = await self.here("User1"), await self.here("dev17")
        await self.done("POST", "shops", 17, "messages", account="User1", message=text("已发货"))
        await one.hear("user_message", account="dev17", message=text("已发货"))
        await shop.hear("sync_say", message=text("已发货"))

    async def test_an_erased_person_is_gone_from_both_sides(self) -> None:
        one, two = await self.here("User1"), await self.here("User2")
        await one.tell("User2", "你好")
        await self.done("POST", "accounts", "User1", "erasure")
        self.assertEqual(await one.closed(), 4403)
        await two.hear("sync_chat_delete", chat_account="User1")
        self.assertEqual((await two.ask("users"))["data"], [])

    async def test_an_erased_persons_name_is_nobodys_for_those_who_used_it_and_then_anothers(self) -> None:
        two = await self.here("User2")
        await two.tell("User1", "你好")
        await self.done("POST", "accounts", "User1", "erasure")
        await two.hear("sync_chat_delete", chat_account="User1")
        self.assert_refused(await two.ask("enter_chats", account="User1"), "unknown_account", "enter_chats")
        self.world.account("User1")
        one = await self.here("User1")
        await one.tell("User2", "我是新来的")
        answer = await two.ask("enter_chats", account="User1")
        self.assertEqual(answer["data"]["all_noread_nums"], 0)
