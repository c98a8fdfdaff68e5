"""What an error frame gives back: the request's `seq` and `client_id`, the wrong field, and the time to wait."""

from django.test import SimpleTestCase

from accounts.refusals import Reason, Refusal
from chat.protocol import codec
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
