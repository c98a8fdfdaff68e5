"""`users`: the conversation list."""

import asyncio
import itertools
from collections import Counter
from typing import Any, ClassVar

from tests.case import SocketTest, text
from tests.client import Client, Heard


async def listed(client: Client, **data: Any) -> list[str]:
    """Whom the page shows, in its order."""
    return [row["account"] for row in (await client.ask("users", **data))["data"]]


class ARowOfTheList(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.account("User1", nickname="张三", avatar="xxx/yyy.jpg")
        self.world.account("User2", nickname="")
        self.one = await self.signed_in("User1")
        self.two = await self.signed_in("User2")

    async def row(self, client: Client) -> Heard:
        rows: list[Heard] = (await client.ask("users"))["data"]
        self.assertEqual(len(rows), 1)
        return rows[0]

    async def test_holds_exactly_what_the_document_shows(self) -> None:
        receipt = await self.one.tell("User2", "这是最后一句话")
        expected = {
            "account": "User1",
            "nickname": "张三",
            "avatar": "xxx/yyy.jpg",
            "last_msg": "这是最后一句话",
            "last_time": receipt["created_at"],
            "noread_nums": 1,
            "is_top": 0,
            "type": 1,
            "message_id": receipt["message_id"],
        }
        self.assertEqual(await self.row(self.two), expected)

    async def test_names_an_account_without_a_nickname_by_its_account(self) -> None:
        await self.one.tell("User2", "你好")
        self.assertEqual((await self.row(self.one))["nickname"], "User2")

    async def test_shows_the_newest_message_whoever_sent_it(self) -> None:
        await self.one.tell("User2", "问")
        await self.two.tell("User1", "答")
        self.assertEqual((await self.row(self.one))["last_msg"], "答")
        self.assertEqual((await self.row(self.two))["last_msg"], "答")

    async def test_counts_what_came_and_was_not_read(self) -> None:
        await self.one.tell_all("User2", "一二三")
        await self.two.tell("User1", "四")
        self.assertEqual((await self.row(self.two))["noread_nums"], 3)
        self.assertEqual((await self.row(self.one))["noread_nums"], 1)
        self.assertEqual(self.world.recount("User2", "User1"), 3)

    async def test_shows_a_word_for_what_is_no_text(self) -> None:
        bodies = {
            "[图片]": {"type": "img", "content": "a.jpg"},
            "[语音]": {"type": "audio", "content": "3|a.mp3"},
            "[视频]": {"type": "video", "content": "a.jpg|a.mp4"},
            "[商品]": {"type": "goods", "content": "商品", "data": {"goods_id": 1}},
            "[文件]": {"type": "file", "content": "/media/file/a.pdf", "data": {"name": "合同.pdf", "size": 9}},
            "[消息]": {"type": "coupon", "content": "满一百减十"},
        }
        for shown, body in bodies.items():
            await self.one.ask("send", account="User2", message=body)
            self.assertEqual((await self.row(self.two))["last_msg"], shown)

    async def test_shows_the_beginning_of_a_long_text(self) -> None:
        await self.one.tell("User2", "长" * 5000)
        shown = (await self.row(self.two))["last_msg"]
        self.assertEqual(shown, "长" * len(shown))
        self.assertLess(len(shown), 500)


class TheOrderOfTheList(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "User3", "User4")
        self.one = await self.signed_in("User1")
        for name in ("User2", "User3", "User4"):
            await self.one.tell(name, "你好")

    async def test_is_newest_first(self) -> None:
        self.assertEqual(await listed(self.one), ["User4", "User3", "User2"])

    async def test_changes_with_a_message_in_either_direction(self) -> None:
        await self.one.tell("User2", "再来")
        self.assertEqual(await listed(self.one), ["User2", "User4", "User3"])
        three = await self.signed_in("User3")
        await three.tell("User1", "来了")
        self.assertEqual(await listed(self.one), ["User3", "User2", "User4"])

    async def test_has_pinned_conversations_before_all_others(self) -> None:
        await self.one.ask("top", account="User2", operation="set")
        await self.one.ask("top", account="User3", operation="set")
        self.assertEqual(await listed(self.one), ["User3", "User2", "User4"])
        self.assertEqual([row["is_top"] for row in (await self.one.ask("users"))["data"]], [1, 1, 0])


class PagesOfTheList(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.names = [f"peer{number}" for number in range(23)]
        self.world.accounts("User1", *self.names)
        self.one = await self.signed_in("User1")
        asked = [await self.one.request("send", account=name, message=text("你好")) for name in self.names]
        for seq in asked:
            await self.one.answer(seq)
        self.newest_first = self.names[::-1]

    async def test_hold_twenty_from_the_first_page_unless_asked_otherwise(self) -> None:
        self.assertEqual(await listed(self.one), self.newest_first[:20])
        self.assertEqual(await listed(self.one, page=2), self.newest_first[20:])

    async def test_show_every_conversation_once(self) -> None:
        pages = [await listed(self.one, page=page, limit=5) for page in range(1, 6)]
        self.assertEqual([len(page) for page in pages], [5, 5, 5, 5, 3])
        self.assertEqual(list(itertools.chain(*pages)), self.newest_first)

    async def test_are_empty_beyond_the_end(self) -> None:
        self.assertEqual(await listed(self.one, page=3), [])
        self.assertEqual(await listed(self.one, page=10**9, limit=100), [])

    async def test_may_be_asked_for_with_strings(self) -> None:
        self.assertEqual(await listed(self.one, page="2", limit="20"), self.newest_first[20:])

    async def test_may_be_asked_for_without_data(self) -> None:
        for frame in ('{"query":"users"}', '{"query":"users","data":{}}', '{"query":"users","data":null}'):
            await self.one.say(frame)
            self.assertEqual(len((await self.one.hear("users"))["data"]), 20)

    async def test_hold_a_hundred_at_most(self) -> None:
        self.assertEqual(await listed(self.one, limit=100), self.newest_first)
        for wrong in ({"limit": 101}, {"limit": 0}, {"page": 0}, {"page": -1}):
            self.assert_refused(await self.one.ask("users", **wrong), "invalid_field", "users")


class ANewAccount(SocketTest):
    async def test_has_an_empty_list(self) -> None:
        self.world.account("User1")
        one = await self.signed_in("User1")
        self.assertEqual(await listed(one), [])


class TheListWhileMessagesArrive(SocketTest):
    """What a client counts that takes the list as it comes, and one more for each message that it hears of after it."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "User3")
        server = self.deployment.next_server()
        self.one = await self.signed_in("User1", server)
        self.others = [await self.signed_in(name, server) for name in ("User2", "User3")]

    async def next_list(self, counted: Counter[str]) -> dict[str, int]:
        """Ask for the list and count what comes before it; how many are unread as it says."""
        await self.one.request("users")
        while True:
            heard = await self.one.next()
            if heard["query"] == "users":
                return {row["account"]: row["noread_nums"] for row in heard["data"]}
            if heard["query"] == "user_message" and not heard["data"]["is_read"]:
                counted[heard["data"]["account"]] += 1

    async def test_holds_what_was_heard_before_and_nothing_that_is_heard_after(self) -> None:
        said = [asyncio.create_task(other.tell_all("User1", map(str, range(500)))) for other in self.others]
        counted: Counter[str] = Counter()
        while not all(task.done() for task in said):
            listed = await self.next_list(counted)
            self.assertEqual(listed, counted)
        await self.next_list(counted)
        self.assertEqual(counted, {"User2": 500, "User3": 500})


class TheListWhileAnotherProcessWrites(SocketTest):
    """What that process has stored may be in the list before this one has heard of it: the row says up to which id."""

    deployments: ClassVar[tuple[str, ...]] = ("grown-up",)

    async def test_is_counted_right_by_whoever_compares_the_ids(self) -> None:
        self.world.accounts("User1", "User2")
        here, there = self.deployment.servers
        one, two = await self.signed_in("User1", here), await self.signed_in("User2", there)
        said = asyncio.create_task(two.tell_all("User1", map(str, range(500))))
        unread = newest = 0
        while not said.done():
            await one.request("users")
            while (heard := await one.next())["query"] != "users":
                if heard["message_id"] > newest:
                    unread += 1
            for row in heard["data"]:
                unread, newest = row["noread_nums"], row["message_id"]
        unread += sum(heard["message_id"] > newest for heard in await one.pending())
        self.assertEqual(unread, 500)
