"""What an app's own server reads of the talk: lists, transcripts, exports, unread totals; and erasing a person."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api_case import ApiTest
from tests.case import text
from tests.client import PATIENCE, a_moment
from tests.world import World


class TalkTest(ApiTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "User3")
        self.one = await self.signed_in("User1")
        self.two = await self.signed_in("User2")


class AList(TalkTest):
    async def test_is_in_the_order_in_which_its_owner_sees_it(self) -> None:
        self.world.accounts("User4", "User5")
        for name in ("User2", "User3", "User4", "User5"):
            await self.one.tell(name, "你好")
        await self.one.ask("top", account="User3", operation="set")
        expected = ["User3", "User5", "User4", "User2"]
        seen: list[Any] = []
        cursor = ""
        while True:
            page = await self.done("GET", "accounts", "User1", "conversations", query=f"limit=1{cursor}")
            seen += page["results"]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        self.assertEqual([row["peer"] for row in seen], expected)
        self.assertEqual((seen[0]["pinned"], seen[0]["last_message"], seen[0]["unread"]), (True, "你好", 0))

    async def test_may_be_of_those_with_unread_messages(self) -> None:
        await self.two.tell("User1", "在吗")
        await self.one.tell("User3", "你好")
        page = await self.done("GET", "accounts", "User1", "conversations", query="unread=true")
        self.assertEqual([(row["peer"], row["unread"]) for row in page["results"]], [("User2", 1)])


class ATranscript(TalkTest):
    PATH = ("accounts", "User1", "conversations", "User2", "messages")

    async def test_of_a_name_that_nobody_can_have_is_none(self) -> None:
        for path in (("accounts", "User1", "conversations", "x\0", "messages"), ("accounts", "\0", "conversations")):
            with self.subTest(path=path):
                self.assert_problem(await self.api("GET", *path), 404, "unknown_account")

    async def test_is_everything_in_order_whatever_was_deleted_from_lists(self) -> None:
        ids = await self.one.tell_all("User2", [f"{number}" for number in range(5)])
        await self.two.tell("User1", "好")
        await self.one.ask("chat_delete", account="User2")
        page = await self.done("GET", *self.PATH, query="limit=4")
        rest = await self.done("GET", *self.PATH, query=f"limit=4&cursor={page['next']}")
        rows = page["results"] + rest["results"]
        self.assertEqual([row["id"] for row in rows][:5], ids)
        self.assertEqual([row["message"]["content"] for row in rows], ["0", "1", "2", "3", "4", "好"])
        self.assertEqual((rows[5]["sender"], rows[5]["recipient"]), ("User2", "User1"))

    async def test_tells_what_was_read(self) -> None:
        await self.one.tell("User2", "一")
        await self.two.ask("enter_chats", account="User1")
        await self.two.ask("leave_chats", account="User1")
        await self.one.tell("User2", "二")
        rows = (await self.done("GET", *self.PATH))["results"]
        self.assertEqual([row["read"] for row in rows], [True, False])

    async def test_may_be_of_a_time(self) -> None:
        await self.one.tell("User2", "你好")
        row = (await self.done("GET", *self.PATH))["results"][0]
        moment = row["created_at"].replace("+", "%2B")
        for query, count in ((f"since={moment}", 1), (f"until={moment}", 0), ("since=2000-01-01T00:00:00Z", 1)):
            self.assertEqual(len((await self.done("GET", *self.PATH, query=query))["results"]), count, query)
        self.assert_problem(await self.api("GET", *self.PATH, query="since=yesterday"), 400, "invalid_request")

    async def test_of_notifications_can_be_read_as_well(self) -> None:
        self.world.notify("User1", "欢迎")
        path = ("accounts", "User1", "conversations", "notification", "messages")
        self.assertEqual((await self.done("GET", *path))["results"][0]["message"], text("欢迎"))

    async def test_tells_what_was_taken_back_and_when(self) -> None:
        first = (await self.one.tell("User2", "一"))["message_id"]
        await self.one.tell("User2", "二")
        await self.one.ask("recall", account="User2", message_id=first)
        rows = (await self.done("GET", *self.PATH))["results"]
        self.assertEqual([row["message"] for row in rows], [text("消息已撤回"), text("二")])
        self.assertGreaterEqual(rows[0]["recalled_at"], rows[0]["created_at"])
        self.assertIsNone(rows[1]["recalled_at"])

    async def test_tells_what_a_robot_said(self) -> None:
        self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        await self.one.tell("dev17", "你好")
        await self.one.ask("robot", account="dev17", shop_id=17, content="包邮吗")
        rows = (await self.done("GET", "accounts", "User1", "conversations", "dev17", "messages"))["results"]
        lines = (await self.api("GET", "messages", query="account=User1")).lines
        for told in (rows, lines):
            self.assertEqual([(row["sender"], row["robot"]) for row in told], [("User1", False), ("dev17", True)])


class AnExport(TalkTest):
    async def lines(self, *parts: str, query: str = "") -> list[Any]:
        answer = await self.api("GET", *parts, query=query)
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/jsonl"))
        return answer.lines

    async def test_has_every_message_of_the_app_once(self) -> None:
        other = World(self.deployment.alias)
        other.accounts("User1")
        other.notify("User1", "他们的")
        await self.one.tell_all("User2", [f"{number}" for number in range(450)])
        await self.two.tell("User3", "你好")
        self.world.notify("User1", "欢迎")
        lines = await self.lines("messages")
        stored = set(self.world.messages().values_list("pk", flat=True))
        self.assertEqual((len(lines), {line["id"] for line in lines}), (452, stored))
        pair = [line["id"] for line in lines if {line["sender"], line["recipient"]} == {"User1", "User2"}]
        self.assertEqual(pair, sorted(pair))

    async def test_may_be_of_one_account_and_of_a_time(self) -> None:
        await self.one.tell("User2", "一")
        await self.two.tell("User3", "二")
        self.assertEqual(len(await self.lines("messages", query="account=User1")), 1)
        self.assertEqual(len(await self.lines("messages", query="account=User2")), 2)
        self.assertEqual(await self.lines("messages", query="since=2100-01-01T00:00:00Z"), [])
        self.assert_problem(await self.api("GET", "messages", query="account=nobody"), 404, "unknown_account")


class UnreadTotals(TalkTest):
    async def test_are_told_for_many_at_once(self) -> None:
        await self.one.tell("User2", "一")
        await self.one.tell("User2", "二")
        self.world.notify("User2", "欢迎")
        rows = await self.done("GET", "unread", query="account=User2&account=User1")
        self.assertEqual(rows, [{"account": "User2", "unread": 3}, {"account": "User1", "unread": 0}])

    async def test_are_refused_for_unknown_ones(self) -> None:
        problem = self.assert_problem(
            await self.api("GET", "unread", query="account=x&account=User1"), 404, "unknown_account"
        )
        self.assertEqual(problem["accounts"], ["x"])
        self.assert_problem(await self.api("GET", "unread"), 400, "invalid_request")


class WhoIsOnline(TalkTest):
    async def states(self, *accounts: str) -> list[Any]:
        """What the next process says of them."""
        query = "&".join(f"account={account}" for account in accounts)
        states: list[Any] = await self.done("GET", "online", query=query)
        return states

    async def until(self, account: str, online: bool) -> None:
        """Ask until each process says so, as one may hear of it a moment later."""
        async with asyncio.timeout(PATIENCE):
            for _ in self.deployment.servers:
                while (await self.states(account))[0]["online"] != online:
                    await a_moment()

    async def test_is_told_for_many_at_once_by_every_process(self) -> None:
        await self.until("User1", True)
        for _ in self.deployment.servers:
            states = await self.states("User3", "User1")
            self.assertEqual(
                [(state["account"], state["online"]) for state in states], [("User3", False), ("User1", True)]
            )
            self.assertEqual([state["last_seen"] for state in states], [None, None])

    async def test_is_told_with_when_those_were_there_who_are_not(self) -> None:
        await self.until("User1", True)
        await self.one.socket.close()
        await self.until("User1", False)
        async with asyncio.timeout(PATIENCE):
            while not (seen := (await self.states("User1"))[0]["last_seen"]):
                await a_moment()
        self.assertLess(abs(datetime.now(UTC) - datetime.fromisoformat(seen)), timedelta(minutes=1))

    async def test_is_refused_for_unknown_ones(self) -> None:
        self.assert_problem(await self.api("GET", "online", query="account=x"), 404, "unknown_account")
