"""Message bodies: what `send` accepts as a message."""

from typing import Any

import msgspec

from tests.case import SocketTest, text
from tests.client import Heard

ACCEPTED: dict[str, list[dict[str, Any]]] = {
    "txt": [text("你好"), text("长" * 5000), {"type": "txt", "content": " 空格在外 ", "quote": {"id": 7}}],
    "img": [{"type": "img", "content": "image/2021/a.jpg"}, {"type": "img", "content": "a.jpg", "width": 640}],
    "audio": [{"type": "audio", "content": "12|voice/a.mp3"}, {"type": "audio", "content": "1.5|a.mp3"}],
    "video": [{"type": "video", "content": "cover.jpg|video/a.mp4"}],
    "goods": [
        {
            "type": "goods",
            "content": "商品",
            "data": {"goods_id": 5, "goods_cover": "a.jpg", "goods_price": "9.90", "goods_name": "伞"},
        }
    ],
}
REFUSED: dict[str, list[dict[str, Any]]] = {
    "txt": [{"type": "txt"}, text(""), text(" \n\t　"), text("长" * 5001), {"type": "txt", "content": 5}, text("a\0b")],
    "img": [{"type": "img"}, {"type": "img", "content": ""}, {"type": "img", "content": None}],
    "audio": [{"type": "audio", "content": "a.mp3"}, {"type": "audio", "content": "十|a"}, {"type": "audio"}],
    "video": [{"type": "video", "content": "a.mp4"}, {"type": "video", "content": "|a.mp4"}, {"type": "video"}],
    "goods": [{"type": "goods", "content": "商品"}, {"type": "goods", "content": "商品", "data": []}],
}
UNKNOWN = (
    '{"type":"coupon","content":"满减","data":{"n":1.50,"big":100000000000000000000,"deep":[[{"ключ":"знач"}]],"x":null}}',
    '{ "type" : "位置", "lat": 31.2304160, "e": 1E5, "text": "\\u4f60\\ud83d\\ude00 \\/" }',
    '{"type":"ping"}',
    '{"type":"nest","x":' + "[" * 99 + "]" * 99 + "}",
)


class BodyTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.one = await self.signed_in("User1")

    async def send(self, message: Any) -> Heard:
        return await self.one.ask("send", account="User2", message=message)

    async def refused(self, message: Any, reason: str) -> Heard:
        heard = await self.send(message)
        self.assert_refused(heard, reason, "send")
        self.assertFalse(self.world.messages().exists())
        return heard


class AKnownType(BodyTest):
    async def test_in_its_form_is_delivered_unchanged(self) -> None:
        two = await self.signed_in("User2")
        for kind, bodies in ACCEPTED.items():
            for body in bodies:
                with self.subTest(kind, body=str(body)[:80]):
                    self.assertEqual((await self.send(body))["code"], 0)
                    self.assertEqual((await two.hear("user_message"))["data"]["message"], body)

    async def test_out_of_its_form_is_refused(self) -> None:
        for kind, bodies in REFUSED.items():
            for body in bodies:
                with self.subTest(kind, body=str(body)[:80]):
                    await self.refused(body, "invalid_message")


class AnUnknownType(BodyTest):
    async def say(self, body: str) -> None:
        await self.one.say(f'{{"query":"send","data":{{"account":"User2","message":{body}}}}}')

    async def test_passes_through_to_the_letter(self) -> None:
        for body in UNKNOWN:
            with self.subTest(body):
                await self.say(body)
                await self.one.hear("sync_read")
                self.assertEqual(self.world.messages().reverse()[0].body, body)

    async def test_comes_back_to_the_letter(self) -> None:
        two = await self.signed_in("User2")
        for body in UNKNOWN:
            with self.subTest(body):
                await self.say(body)
                self.assertIn(f'"message":{body}', await two.next_text())
                await two.say('{"query":"history_chats","data":{"account":"User1","limit":1}}')
                self.assertIn(f'"message":{body}', await two.next_text())


class TheRobotsType(BodyTest):
    async def test_is_refused_from_clients(self) -> None:
        await self.refused({"type": "robot", "content": "机器人问题列表", "data": {}}, "reserved_type")


class WhatIsNoBody(BodyTest):
    async def test_is_refused(self) -> None:
        for body in (None, 5, "你好", [], [text("你好")], {}, {"content": "你好"}, {"type": 5}, {"type": ""}):
            with self.subTest(str(body)):
                await self.refused(body, "invalid_message")

    async def test_is_told_the_wrong_field(self) -> None:
        self.assertEqual((await self.refused(text(""), "invalid_message"))["field"], "data.message.content")
        self.assertEqual((await self.refused({"type": 5}, "invalid_message"))["field"], "data.message.type")


class TheSizeOfABody(BodyTest):
    async def test_is_sixteen_kibibytes_of_json_at_most(self) -> None:
        frame = len(msgspec.json.encode({"type": "note", "content": ""}))
        largest = {"type": "note", "content": "x" * (16 * 1024 - frame)}
        self.assertEqual((await self.send(largest))["code"], 0)

    async def test_is_refused_from_one_byte_more(self) -> None:
        frame = len(msgspec.json.encode({"type": "note", "content": ""}))
        await self.refused({"type": "note", "content": "x" * (16 * 1024 - frame + 1)}, "message_too_large")

    async def test_counts_bytes_and_not_characters(self) -> None:
        await self.refused({"type": "note", "content": "界" * 5500}, "message_too_large")
