"""How many sockets may be open, and how many frames one may send: each limit says so, and harms nobody else."""

from typing import ClassVar

from django.test import SimpleTestCase

from accounts.refusals import Refusal
from chat.doors.crowd import Crowd, Stranger
from chat.doors.pace import STRETCH, Pace
from tests.case import OwnServerTest
from tests.client import Client, Heard
from tests.world import PASSWORD


class CrowdTest(OwnServerTest):
    async def open_socket(self) -> Client:
        """A socket that may be refused."""
        return await self.enterAsyncContext(Client(self.deployment.next_server().url))

    async def assert_refused_and_closed(self, client: Client, reason: str, query: str, code: int) -> None:
        heard: Heard = await client.hear(query)
        self.assert_refused(heard, reason, query)
        self.assertGreater(heard["retry_after"], 0)
        self.assertEqual(await client.closed(), code)
        self.assertEqual(client.heard, [])


class TooManySocketsOfAnAddress(CrowdTest):
    deployments: ClassVar = ("daphne", "uvicorn")
    environment: ClassVar = {"CHAT_LIMITS": "1", "CHAT_SOCKETS_PER_ADDRESS": "3"}

    async def test_are_refused_until_one_of_them_goes(self) -> None:
        self.world.account("User1")
        first, *others = [await self.signed_in("User1") for _ in range(3)]
        await self.assert_refused_and_closed(await self.open_socket(), "too_many_sockets", "error", 4429)
        for other in others:
            self.assertEqual(await other.pending(), [])
        await first.socket.close()
        self.assertEqual((await (await self.signed_in("User1")).ask("users"))["code"], 0)


class TooManySocketsOfAnAccount(CrowdTest):
    environment: ClassVar = {"CHAT_LIMITS": "1", "CHAT_SOCKETS_PER_ACCOUNT": "2"}

    async def test_are_refused_as_they_sign_in(self) -> None:
        self.world.accounts("User1", "User2")
        ones = [await self.signed_in("User1") for _ in range(2)]
        third = await self.connect()
        heard = await third.sign_in(self.world.appid, "User1", PASSWORD)
        self.assert_refused(heard, "too_many_devices", "login")
        self.assertEqual(await third.closed(), 4430)
        await self.signed_in("User2")
        self.assertEqual([await one.pending() for one in ones], [[], []])

    async def test_may_sign_in_again_where_they_are(self) -> None:
        self.world.account("User1")
        ones = [await self.signed_in("User1") for _ in range(2)]
        self.assertEqual((await ones[0].sign_in(self.world.appid, "User1", PASSWORD))["code"], 0)


class TooManyStrangersOfAnAddress(CrowdTest):
    environment: ClassVar = {"CHAT_LIMITS": "1", "CHAT_STRANGERS_PER_ADDRESS": "2"}

    async def test_are_refused_until_they_sign_in(self) -> None:
        self.world.account("User1")
        await self.connect()
        second = await self.connect()
        await self.assert_refused_and_closed(await self.open_socket(), "too_many_sockets", "error", 4429)
        await second.sign_in(self.world.appid, "User1", PASSWORD)
        await self.connect()


class TooManyStrangers(CrowdTest):
    environment: ClassVar = {"CHAT_LIMITS": "1", "CHAT_STRANGERS": "2"}

    async def test_the_one_that_was_silent_for_longest_makes_room(self) -> None:
        self.world.account("User1")
        trying, silent = await self.connect(), await self.connect()
        await trying.sign_in(self.world.appid, "User1", "wrong")
        third = await self.connect()
        await self.assert_refused_and_closed(silent, "server_busy", "error", 4431)
        self.assertEqual((await trying.sign_in(self.world.appid, "User1", PASSWORD))["code"], 0)
        self.assertEqual(await third.pending(), [])


class TheCount(SimpleTestCase):
    def test_is_back_at_nothing_when_all_have_gone(self) -> None:
        crowd = Crowd(of_address=2, strangers=3, strangers_of_address=2)
        for _ in range(5):
            for channel, address in (("a", "1"), ("b", "1"), ("c", "2")):
                crowd.arrive(channel, Stranger(address, lambda: None))
            with self.assertRaises(Refusal):
                crowd.arrive("d", Stranger("1", lambda: None))
            crowd.know("b")
            for channel, address in (("a", "1"), ("b", "1"), ("c", "2")):
                crowd.leave(channel, address)
        self.assertEqual((crowd._addresses, crowd._strangers_at, crowd._strangers), ({}, {}, {}))


class ThePaceOfASocket(SimpleTestCase):
    def test_is_a_stretchs_worth_at_once_and_then_waits_for_its_end(self) -> None:
        now = 100.0
        pace = Pace(2, lambda: now)
        pauses = []
        for now in (100.0, 103.0):
            for _ in range(21 if now == 100.0 else 20):
                pace.left -= 1
                if pace.left < 0:
                    pauses.append(pace.pause())
        self.assertEqual(pauses, [STRETCH, 2 * STRETCH - 3])

    def test_costs_nobody_who_keeps_to_it_any_time(self) -> None:
        now = 0.0
        pace = Pace(2, lambda: now)
        for number in range(1000):
            now = number * 0.5
            pace.left -= 1
            if pace.left < 0:
                self.assertEqual(pace.pause(), 0)

    def test_without_a_limit_never_ends(self) -> None:
        pace = Pace(0)
        for _ in range(100_000):
            pace.left -= 1
        self.assertGreater(pace.left, 0)


class AClientThatFloodsFrames(CrowdTest):
    deployments: ClassVar = ("daphne", "uvicorn")
    environment: ClassVar = {"CHAT_LIMITS": "1", "CHAT_FRAMES_PER_SECOND": "2"}

    async def test_is_told_and_slowed_while_others_are_served(self) -> None:
        self.world.accounts("User1", "User2")
        flooding, other = await self.signed_in("User1"), await self.signed_in("User2")
        for _ in range(1000):
            await flooding.say("ping")
        for _ in range(19):
            self.assertEqual((await flooding.next())["query"], "ping")
        heard = await flooding.next()
        self.assert_refused(heard, "too_many_requests", "error")
        self.assertLessEqual(heard["retry_after"], STRETCH)
        self.assertEqual((await other.tell("User1", "在吗"))["code"], 0)
        self.assertEqual((await flooding.next())["query"], "user_message")
        # What it has still to say is not worth waiting for.
        flooding.socket.transport.abort()
