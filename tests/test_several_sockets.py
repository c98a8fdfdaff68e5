"""One account on several sockets: all of them stay in step."""

from typing import Any

from tests.case import SocketTest, text
from tests.client import Client, Heard


class SeveralSocketsTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        # An app, a mini program and a PC; on several processes where there are several.
        self.app = await self.signed_in("User1", source=1)
        self.mini = await self.signed_in("User1", source=3)
        self.pc = await self.signed_in("User1", source=4)
        self.two = await self.signed_in("User2")


class ASeq(SeveralSocketsTest):
    QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
        ("send", {"account": "User2", "message": text("你好")}),
        ("users", {}),
        ("chats", {"account": "User2"}),
        ("history_chats", {"account": "User2"}),
        ("enter_chats", {"account": "User2"}),
        ("leave_chats", {"account": "User2"}),
        ("top", {"account": "User2", "operation": "set"}),
        ("robot", {"account": "dev17", "shop_id": 17}),
        ("robot", {"account": "dev17", "shop_id": 17, "content": "包邮吗"}),
        ("chat_delete", {"account": "User2"}),
        ("chat_delete", {"account": "Nobody"}),
    )

    async def test_comes_back_on_the_one_frame_that_answers_and_on_no_other_socket(self) -> None:
        asked = [await self.app.request(query, **data) for query, data in self.QUERIES]
        heard = await self.silence(self.app, "User1")
        self.assertEqual([frame["seq"] for frame in heard if "seq" in frame], asked)
        for socket, account in ((self.mini, "User1"), (self.pc, "User1"), (self.two, "User2")):
            for frame in await self.silence(socket, account):
                self.assertNotIn("seq", frame)

    async def test_may_be_a_number_or_a_text(self) -> None:
        for seq in ("0", "-1", "9223372036854775807", '"a-1"', '"5"', '""', '"' + "界" * 64 + '"'):
            with self.subTest(seq):
                await self.app.say(f'{{"query":"leave_chats","seq":{seq}}}')
                self.assertIn(f'"seq":{seq}', await self.app.next_text())

    async def test_of_another_kind_is_refused_and_not_given_back(self) -> None:
        for seq in ("true", "null", "1.5", "[1]", '"' + "x" * 65 + '"', "1" + "0" * 64):
            with self.subTest(seq):
                await self.app.say(f'{{"query":"leave_chats","seq":{seq}}}')
                refused = await self.app.next()
                self.assert_refused(refused, "invalid_field", "leave_chats")
                self.assertEqual((refused["field"], "seq" in refused), ("seq", False))


class AThirdSocket(SeveralSocketsTest):
    """Whatever one socket does, the notices that a second hears tell it all that a third would fetch."""

    async def told(self, socket: Client) -> list[Heard]:
        return await self.silence(socket, "User1")

    async def test_hears_the_whole_talk_in_the_order_of_its_ids(self) -> None:
        await self.app.tell("User2", "一")
        await self.two.tell("User1", "二")
        await self.pc.tell("User2", "三")
        await self.app.ask("robot", account="dev17", shop_id=17, content="包邮吗")
        talk = [
            (frame["message_id"], frame["data"]["message"])
            for frame in await self.told(self.mini)
            if frame["query"] in ("user_message", "sync_say")
        ]
        stored = [message.pk for message in self.world.messages()]
        self.assertEqual([message_id for message_id, _ in talk], stored)
        self.assertEqual([body["content"] for _, body in talk], ["一", "二", "三", "包邮"])

    async def test_counts_the_same_unread_messages(self) -> None:
        await self.two.tell_all("User1", "一二三")
        await self.app.ask("enter_chats", account="User2")
        await self.app.ask("leave_chats", account="User2")
        await self.two.tell("User1", "四")
        unread = 0
        for frame in await self.told(self.mini):
            if frame["query"] == "user_message":
                unread += 1
            elif frame["query"] == "sync_all_noread_nums":
                unread = frame["data"]["all_noread_nums"]
        self.assertEqual(unread, 1)
        self.assertEqual((await self.pc.ask("users"))["data"][0]["noread_nums"], 1)

    async def test_hears_of_pins_and_deletions(self) -> None:
        await self.app.tell("User2", "一")
        await self.app.ask("top", account="User2", operation="set")
        await self.pc.ask("chat_delete", account="User2")
        queries = [frame["query"] for frame in await self.told(self.mini)]
        self.assertEqual(queries, ["sync_say", "sync_read", "sync_top", "sync_all_noread_nums", "sync_chat_delete"])

    async def test_hears_nothing_of_what_another_only_looks_at(self) -> None:
        for query in ("users", "chats", "history_chats"):
            await self.app.ask(query, account="User2")
        await self.app.ask("leave_chats", account="User2")
        self.assertEqual(await self.told(self.mini), [])


class EveryNotice(SeveralSocketsTest):
    async def test_names_in_account_the_one_who_hears_it(self) -> None:
        await self.app.tell("User2", "一")
        await self.two.tell("User1", "二")
        await self.app.ask("enter_chats", account="User2")
        await self.two.ask("enter_chats", account="User1")
        await self.app.ask("top", account="User2", operation="set")
        await self.app.ask("chat_delete", account="User2")
        seen = set()
        for socket, account in ((self.mini, "User1"), (self.pc, "User1"), (self.two, "User2")):
            for frame in await self.silence(socket, account):
                if frame["query"].startswith("sync_"):
                    seen.add(frame["query"])
                    self.assertEqual(frame["data"]["account"], account)
        names = {"sync_say", "sync_read", "sync_chat", "sync_all_noread_nums", "sync_top", "sync_chat_delete"}
        self.assertEqual(seen, names)


class ASocketThatHangsUp(SeveralSocketsTest):
    async def test_leaves_the_others_as_they_were(self) -> None:
        await self.app.socket.close()
        await self.two.tell("User1", "还在吗")
        for socket in (self.mini, self.pc):
            self.assertEqual((await socket.hear("user_message"))["data"]["message"], text("还在吗"))
