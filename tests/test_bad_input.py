"""Whatever a client sends: a clear error, nothing written, the socket alive, the others undisturbed."""

import json
from collections.abc import Iterable
from typing import Any, ClassVar

from chat.protocol import requests
from tests import wrong
from tests.case import SocketTest
from tests.client import Heard
from tests.world import PASSWORD


class BadInputTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        self.one = await self.signed_in("User1")
        self.two = await self.signed_in("User2")
        await self.one.tell("User2", "从前")
        await self.two.hear("user_message")
        self.before = self.everything()

    def everything(self) -> list[Any]:
        """All that the app's conversations are in the database."""
        rows = [list(self.world.messages().values()), list(self.world.conversations().order_by("id").values())]
        return [*rows, self.world.unanswered()]

    async def answer(self, frame: str | bytes) -> Heard:
        """The one frame with which the server answers, after which the socket is alive and nothing is written."""
        await self.one.say(frame)
        heard = await self.one.pending()
        self.assertEqual(len(heard), 1, heard)
        self.assertEqual(self.everything(), self.before)
        return heard[0]

    async def all_refused(self, frames: Iterable[str | bytes], reason: str, query: str) -> None:
        for frame in frames:
            with self.subTest(frame[:80]):
                self.assert_refused(await self.answer(frame), reason, query)

    async def asyncTearDown(self) -> None:
        self.assertEqual(await self.silence(self.two, "User2"), [])


class WhatIsNoJson(BadInputTest):
    NO_JSON = (
        "",
        " ",
        "hello",
        "{",
        "{}}",
        "{'query':'users'}",
        '{"query":"users",}',
        '{"query":"users"} //',
        '{"query":NaN}',
        '{"query":"users","data":{"page":01}}',
        '{"query":"users"}{"query":"users"}',
        '{"query":"us\ners"}',
        '{"query":"users","x":"\0"}',
        "\ufeff" + '{"query":"users"}',
        "[" * 10_000,
        "[" * 10_000 + "]" * 10_000,
        '{"a":' * 10_000 + "1" + "}" * 10_000,
    )

    async def test_is_answered_with_the_documents_frame(self) -> None:
        for text in self.NO_JSON:
            with self.subTest(text[:80]):
                self.assertEqual(await self.answer(text), {"code": 2, "msg": "解析JSON失败", "query": "error"})


class WhatIsNoQuery(BadInputTest):
    async def test_json_that_is_no_object(self) -> None:
        await self.all_refused(("null", "true", "5", '"users"', "[]", '[{"query":"users"}]'), "not_an_object", "error")

    async def test_an_object_without_a_known_query(self) -> None:
        queries = ("null", "5", '""', '"Users"', '"connect"', '"error"', '"sync_read"', "[]", '"users\\u0000"')
        frames = ["{}", '{"data":{}}', *(f'{{"query":{query},"data":{{}}}}' for query in queries)]
        await self.all_refused(frames, "unknown_query", "error")

    async def test_numbers_that_no_float_holds_where_nobody_looks(self) -> None:
        for number in ("1e999", "-1e999", "1" * 5000):
            self.assertEqual((await self.answer(f'{{"query":"users","x":[{number},"\\u0000"]}}'))["code"], 0)
            frame = f'{{"query":"users","seq":7,"x":{number},"data":{{"page":"x"}}}}'
            heard = await self.answer(frame)
            self.assert_refused(heard, "invalid_field", "users")
            self.assertEqual((heard["field"], heard["seq"]), ("data.page", 7))

    async def test_a_binary_frame(self) -> None:
        await self.all_refused((b"", b"ping", b'{"query":"users"}', b"\xff\x00"), "binary_frame", "error")


class EachFieldOfEachQuery(BadInputTest):
    # One server on each database: what a schema refuses does not depend on the server, what a database refuses does.
    deployments: ClassVar = ("daphne", "grown-up")

    async def test_with_each_wrong_value(self) -> None:
        for case in wrong.every():
            with self.subTest(case.query, field=case.path, what=case.what):
                seq = {} if case.path == "seq" else {"seq": 77}
                heard = await self.answer(json.dumps({**seq, **case.frame}))
                self.assert_refused(heard, "invalid_field", case.query)
                self.assertEqual(heard["field"], case.path)
                if seq:
                    self.assertEqual(heard["seq"], 77)

    async def test_with_a_lone_surrogate(self) -> None:
        for case in wrong.every():
            if case.what == "NUL":
                with self.subTest(case.query, field=case.path):
                    heard = await self.answer(json.dumps(case.frame).replace("\\u0000", "\\ud800"))
                    self.assert_refused(heard, "invalid_field", case.query)

    async def test_with_half_an_emoji_is_refused_so_that_its_sender_knows_which_it_was(self) -> None:
        data = r'{"account":"User2","client_id":"c1","message":{"type":"txt","content":"\ud83d"}}'
        frame = f'{{"query":"send","seq":7,"data":{data}}}'
        heard = await self.answer(frame)
        self.assert_refused(heard, "invalid_field", "send")
        self.assertEqual((heard["seq"], heard["data"]["client_id"]), (7, "c1"))
        heard = await self.answer(frame + "]")
        self.assertEqual((heard["msg"], heard["query"]), ("解析JSON失败", "error"))

    def test_no_query_is_left_out(self) -> None:
        tags = {str(request.__struct_config__.tag) for request in requests.Query.__args__}
        self.assertEqual(set(wrong.VALID), tags)
        self.assertGreater(len(list(wrong.every())), 200)


class EachQueryAsItShouldBe(SocketTest):
    """What the wrong frames are made from is right: they are refused for nothing but what is wrong in them."""

    async def test_is_not_refused(self) -> None:
        self.world.accounts("User1", "User2")
        self.world.shop("dev17", 17, {})
        one = await self.signed_in("User1")
        await one.tell("User2", "从前")
        valid = {**wrong.VALID, "recall": {"account": "User2", "message_id": self.world.messages().get().pk}}
        # The conversation is deleted last of all, since what is deleted cannot be pinned.
        for query in sorted(valid, key="chat_delete".__eq__):
            with self.subTest(query):
                await one.say(json.dumps({"query": query, "seq": 1, "data": valid[query], "appid": self.world.appid}))
                answer, *_ = await one.pending()
                self.assertEqual(answer["code"], 0, answer)


class NumbersFarOut(BadInputTest):
    """Pages and ids that nobody has come to yet."""

    async def outcome(self, query: str, **data: Any) -> Any:
        """The reason of a refusal, else how many rows were found."""
        heard = await self.answer(json.dumps({"query": query, "data": data}))
        if heard["code"]:
            return heard["reason"], heard["field"]
        return len(heard["data"]["list"] if "list" in heard["data"] else heard["data"])

    async def test_of_pages(self) -> None:
        for query in ("users", "blocked"):
            for page, expected in ((10**9, 0), (10**9 + 1, "data.page"), (0, "data.page"), (-1, "data.page")):
                with self.subTest(query, page=page):
                    refused = ("invalid_field", expected) if expected else 0
                    self.assertEqual(await self.outcome(query, page=page, limit=100), refused)
            self.assertEqual(await self.outcome(query, page=10**30), ("invalid_field", "data.page"))

    async def test_of_limits(self) -> None:
        for query, more in (("users", {}), ("blocked", {}), ("history_chats", {"account": "User2"})):
            for limit in (0, -1, 101, 10**9, 10**30, -(10**30)):
                with self.subTest(query, limit=limit):
                    expected = ("invalid_field", "data.limit")
                    self.assertEqual(await self.outcome(query, **more, limit=limit), expected)

    async def test_of_message_ids(self) -> None:
        (known,) = self.world.messages()
        for start_id, found in ((10**9, 1), (2**63 - 1, 1), (1, 0), (known.pk, 0), (known.pk + 1, 1)):
            self.assertEqual(await self.outcome("history_chats", account="User2", start_id=start_id), found, start_id)
        for after_id, found in ((10**9 + known.pk, 0), (2**63 - 1, 0), (0, 1), (known.pk - 1, 1), (known.pk, 0)):
            self.assertEqual(await self.outcome("history_chats", account="User2", after_id=after_id), found, after_id)
        for name in ("start_id", "after_id"):
            for number in (-1, -(10**9), 2**63, 10**30, -(10**30)):
                with self.subTest(name, number=number):
                    heard = await self.outcome("history_chats", account="User2", **{name: number})
                    self.assertEqual(heard, ("invalid_field", f"data.{name}"))

    async def test_of_shops_and_questions(self) -> None:
        for shop_id in (0, 10**9, 2**63 - 1):
            heard = await self.answer(json.dumps({"query": "robot", "data": {"account": "dev17", "shop_id": shop_id}}))
            self.assert_refused(heard, "unknown_shop", "robot")


class WrongMessageBodies(BadInputTest):
    def frames(self, *bodies: str) -> list[str]:
        return [f'{{"query":"send","data":{{"account":"User2","message":{body}}}}}' for body in bodies]

    async def test_with_lone_surrogates(self) -> None:
        for frame in self.frames(
            '{"type":"txt","content":"\\ud800"}',
            '{"type":"txt","content":"你好","x":"\\udc00 \\ud800"}',
            '{"type":"note","\\ud800":1}',
            '{"type":"\\udfff"}',
        ):
            with self.subTest(frame):
                self.assertEqual((await self.answer(frame))["code"], 2)

    async def test_with_nul(self) -> None:
        frames = self.frames(
            '{"type":"txt","content":"\\u0000"}',
            '{"type":"txt","content":"你好","x":["\\u0000"]}',
            '{"type":"note","x":{"\\u0000":1}}',
            '{"type":"no\\u0000te"}',
        )
        await self.all_refused(frames, "invalid_message", "send")

    async def test_with_numbers_that_no_float_holds(self) -> None:
        bodies = ('{"type":"txt","content":"你好","x":1e999}', '{"type":"txt","content":"\\u0000","x":1e999}')
        await self.all_refused(self.frames(*bodies, '{"type":"note","x":-1e999}'), "invalid_message", "send")

    async def test_with_nul_beside_what_is_nested_deep(self) -> None:
        deep = "[" * 900 + '"\\u0000"' + "]" * 900
        await self.all_refused(self.frames(f'{{"type":"note","x":{deep}}}'), "invalid_message", "send")

    async def test_nested_deeper_than_every_page_can_show(self) -> None:
        deep = "[" * 100 + "]" * 100
        await self.all_refused(self.frames(f'{{"type":"note","x":{deep}}}'), "invalid_message", "send")

    async def test_with_thousands_of_nested_brackets(self) -> None:
        deep = "[" * 8_000 + "]" * 8_000
        deeper = "[" * 10_000 + "]" * 10_000
        for frame in self.frames(
            f'{{"type":"note","x":{deep}}}',
            f'{{"type":"txt","content":"你好","x":{deep}}}',
            f'{{"type":"goods","content":"","data":{{"x":{deep}}}}}',
            f'{{"type":"note","x":{deeper}}}',
            deep,
        ):
            with self.subTest(frame[:80]):
                self.assertEqual((await self.answer(frame))["code"], 2)

    async def test_with_broken_json_inside(self) -> None:
        for frame in self.frames('{"type":"note","x":}', '{"type":"note","x":tru}', '{"type":"txt"', "'x'"):
            with self.subTest(frame):
                self.assertEqual((await self.answer(frame))["code"], 2)


class AFrameOfMoreThan64KiB(BadInputTest):
    async def test_is_refused(self) -> None:
        empty = len('{"query":"users","x":""}')
        largest = '{"query":"users","x":"' + "x" * (64 * 1024 - empty) + '"}'
        self.assertEqual((await self.answer(largest))["code"], 0)
        await self.all_refused([largest.replace('"x"', '"xx"', 1)], "frame_too_large", "error")

    async def test_is_measured_in_bytes(self) -> None:
        await self.all_refused(['{"query":"users","x":"' + "界" * 22_000 + '"}'], "frame_too_large", "error")

    async def test_may_be_far_larger(self) -> None:
        await self.all_refused(["x" * 900_000], "frame_too_large", "error")


class BeforeSigningIn(SocketTest):
    async def test_every_query_but_login_is_told_to_sign_in_first(self) -> None:
        self.world.accounts("User1", "User2")
        client = await self.connect()
        for query, data in wrong.VALID.items():
            if query != "login":
                with self.subTest(query):
                    refused = await client.ask(query, **data)
                    self.assert_refused(refused, "login_required", query)
                    self.assertEqual(refused["msg"], "请先登录")
        self.assertEqual(await client.pending(), [])
        self.assertFalse(self.world.conversations().exists())
        self.assertEqual((await client.sign_in(self.world.appid, "User1", PASSWORD))["code"], 0)

    async def test_what_is_wrong_with_a_query_is_not_told_before(self) -> None:
        client = await self.connect()
        self.assert_refused(await client.ask("users", page="x"), "login_required", "users")
        self.assert_refused(await client.ask("login", account=1), "invalid_field", "login")
