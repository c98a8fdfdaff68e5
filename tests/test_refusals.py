"""Refusals: their words for people, and what an error frame gives back beside them."""

import re

from django.test import SimpleTestCase

from accounts.refusals import Reason, Refusal
from chat.protocol import codec
from chat.protocol.words import SPELLED_OUT, WORDS
from tests.case import SocketTest


class ARefusedRequestGetsBackItsSeqAndClientId(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.one = await self.signed_in("User1")

    async def refusal_of(self, data: str) -> None:
        await self.one.say(f'{{"query":"send","seq":7,"data":{{{data},"client_id":"c-1"}}}}')
        answer = await self.one.hear("send")
        self.assertEqual(
            {"seq": 7, "reason": "invalid_field", "field": "data.account", "data": {"client_id": "c-1"}},
            {key: answer[key] for key in ("seq", "reason", "field", "data")},
        )

    async def test_when_a_field_has_a_wrong_type(self) -> None:
        await self.refusal_of('"account":[],"message":{"type":"txt","content":"a"}')

    async def test_when_a_field_holds_a_nul(self) -> None:
        await self.refusal_of('"account":"User2\\u0000","message":{"type":"txt","content":"a"}')


class TheTimeToWait(SimpleTestCase):
    def shown(self, seconds: float) -> object:
        return codec.error(Refusal(Reason.TOO_MANY_REQUESTS, retry_after=seconds), "send", seq=1).retry_after

    def test_is_never_shown_shorter_than_it_is(self) -> None:
        self.assertEqual(self.shown(1.21), 1.3)

    def test_is_shown_however_short_it_is(self) -> None:
        self.assertEqual(self.shown(0.02), 0.1)


class EveryReason(SimpleTestCase):
    def test_has_words(self) -> None:
        self.assertEqual(set(WORDS), set(Reason))

    def test_has_short_words_in_chinese_without_internals(self) -> None:
        for reason, words in WORDS.items():
            with self.subTest(reason.value):
                self.assertRegex(words, r"[\u4e00-\u9fff]")
                # The name of the format is in the customer's own words; no other Latin letter or digit is.
                self.assertEqual(re.findall(r"[A-Za-z0-9_]+", words.replace("JSON", "")), [])
                self.assertLessEqual(len(words), 20)

    def test_is_a_word_for_programs(self) -> None:
        for reason in Reason:
            self.assertRegex(reason.value, r"^[a-z]+(_[a-z]+)*$")
            self.assertEqual(reason.value, reason.name.lower())


class TheDocumentsOwnErrors(SimpleTestCase):
    def test_have_the_documents_words(self) -> None:
        words = {reason: WORDS[reason] for reason in SPELLED_OUT}
        expected = {Reason.INVALID_JSON: "解析JSON失败", Reason.LOGIN_FAILED: "登录失败，账号或密码错误"}
        self.assertEqual(words, expected)

    def test_login_required_has_the_protocols_words(self) -> None:
        self.assertEqual(WORDS[Reason.LOGIN_REQUIRED], "请先登录")
