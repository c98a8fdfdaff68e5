"""Rates: of messages, to one and in all, and of wrong passwords; over reconnects, restarts and processes."""

import asyncio
from typing import ClassVar

from accounts import tokens
from tests import deployments
from tests.case import OwnServerTest, SocketTest
from tests.client import Client, Heard
from tests.deployments import Deployment, missing_for_grown_up
from tests.http import Http, new_key
from tests.world import PASSWORD


class TooManyMessages(OwnServerTest):
    environment: ClassVar = {"CHAT_LIMITS": "1", "CHAT_SENDS_PER_MINUTE": "3", "CHAT_SENDS_TO_ONE_PER_MINUTE": "2"}

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "User3")
        self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        self.one = await self.signed_in("User1")

    def assert_too_many(self, heard: Heard, query: str, most: float) -> None:
        self.assert_refused(heard, "too_many_requests", query)
        self.assertGreater(heard["retry_after"], 0)
        self.assertLessEqual(heard["retry_after"], most)

    async def test_to_one_are_refused_and_others_still_hear(self) -> None:
        for _ in range(2):
            self.assertEqual((await self.one.tell("User2", "在吗"))["code"], 0)
        self.assert_too_many(await self.one.tell("User2", "在吗"), "send", 30)
        self.assertEqual((await self.one.tell("User3", "在吗"))["code"], 0)
        self.assertEqual(self.world.messages().count(), 3)

    async def test_to_anybody_are_refused_also_after_reconnecting(self) -> None:
        for name in ("User2", "User2", "User3"):
            await self.one.tell(name, "在吗")
        again = await self.signed_in("User1")
        self.assert_too_many(await again.tell("User3", "在吗"), "send", 20)

    async def test_and_questions_to_a_robot_are_counted_together(self) -> None:
        for _ in range(2):
            await self.one.ask("robot", account="dev17", shop_id=17, content="包邮吗")
        self.assert_too_many(await self.one.tell("dev17", "在吗"), "send", 30)
        heard = await self.one.ask("robot", account="dev17", shop_id=17, content="包邮吗")
        self.assert_too_many(heard, "robot", 30)

    async def test_of_one_account_leave_the_others_alone(self) -> None:
        for name in ("User2", "User2", "User3"):
            await self.one.tell(name, "在吗")
        two = await self.signed_in("User2")
        self.assertEqual((await two.tell("User1", "在吗"))["code"], 0)


class TooManyWrongPasswords(OwnServerTest):
    environment: ClassVar = {"CHAT_LIMITS": "1", "CHAT_WRONG_PASSWORDS": "2", "HTTPS": "1"}

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")

    async def at(self, address: str) -> Client:
        """A socket of a client at that address, for whom a proxy on this machine speaks."""
        url = self.deployment.next_server().url
        client = await self.enterAsyncContext(Client(url, headers={"X-Forwarded-For": address}))
        await client.hear("connect")
        return client

    async def guess(self, client: Client, account: str = "User1") -> list[str | None]:
        """The reasons of three different wrong passwords; the document's own failure has none."""
        heard = [await client.sign_in(self.world.appid, account, f"wrong{number}") for number in range(3)]
        return [frame.get("reason") for frame in heard]

    async def test_are_refused_from_there_and_the_owner_signs_in_from_elsewhere(self) -> None:
        stranger = await self.at("192.0.2.1")
        self.assertEqual(await self.guess(stranger), [None, None, "too_many_requests"])
        heard = await stranger.sign_in(self.world.appid, "User1", PASSWORD)
        self.assert_refused(heard, "too_many_requests", "login")
        self.assertLessEqual(heard["retry_after"], 300)
        owner = await self.at("192.0.2.2")
        self.assertEqual((await owner.sign_in(self.world.appid, "User1", PASSWORD))["code"], 0)

    async def test_are_refused_also_after_reconnecting(self) -> None:
        await self.guess(await self.at("192.0.2.3"))
        again = await self.at("192.0.2.3")
        self.assert_refused(await again.sign_in(self.world.appid, "User1", "x"), "too_many_requests", "login")

    async def test_do_not_keep_out_whoever_was_right_there_or_has_a_token(self) -> None:
        owner = await self.at("192.0.2.4")
        await owner.sign_in(self.world.appid, "User1", PASSWORD)
        await self.guess(await self.at("192.0.2.4"))
        self.assertEqual((await owner.sign_in(self.world.appid, "User1", PASSWORD))["code"], 0)
        token = tokens.issue(self.world.get("User1"))
        self.assertEqual((await (await self.at("192.0.2.4")).ask("login", token=token))["code"], 0)

    async def test_are_counted_for_unknown_accounts_alike(self) -> None:
        self.assertEqual(await self.guess(await self.at("192.0.2.5"), "Nobody"), [None, None, "too_many_requests"])

    async def test_for_one_account_leave_the_others_alone(self) -> None:
        client = await self.at("192.0.2.6")
        await self.guess(client)
        self.assertEqual((await client.sign_in(self.world.appid, "User2", PASSWORD))["code"], 0)

    async def test_are_counted_for_an_ipv6_network_together(self) -> None:
        await self.guess(await self.at("2001:db8::1"))
        other = await self.at("2001:db8::2")
        self.assert_refused(await other.sign_in(self.world.appid, "User1", "x"), "too_many_requests", "login")


class TwoProcessesThatShareRedis(SocketTest):
    """One account, a socket at each; of each minute's ten messages, each process may let one too many pass."""

    deployments: ClassVar = ("uvicorn",)
    MOST = 10

    async def asyncSetUp(self) -> None:
        if missing_for_grown_up():
            self.skipTest(f"{missing_for_grown_up()} is not installed")
        most = str(self.MOST)
        self._own = deployments.joined(
            CHAT_LIMITS="1", CHAT_SENDS_PER_MINUTE=most, API_REQUESTS_PER_MINUTE=most, UPLOADS_PER_MINUTE=most
        )
        self.addCleanup(self._own.stop)
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.here, self.there = [await self.signed_in("User1", server) for server in self._own.servers]

    @property
    def deployment(self) -> Deployment:
        return self._own

    async def until_refused(self, client: Client) -> int:
        """How many messages pass before the first that is too many."""
        for passed in range(2 * self.MOST):
            heard = await client.tell("User2", "在吗")
            if heard["code"]:
                self.assert_refused(heard, "too_many_requests", "send")
                return passed
        raise AssertionError("nothing was refused")

    async def test_count_together_and_remember_over_a_restart(self) -> None:
        self.assertEqual(await self.until_refused(self.here), self.MOST)
        self.assertLessEqual(await self.until_refused(self.there), 2)
        server = self._own.servers[0]
        server.stop()
        server.start_again()
        self.assertLessEqual(await self.until_refused(await self.signed_in("User1", server)), 2)

    async def test_count_requests_of_a_key_and_uploads_of_a_person_together(self) -> None:
        key, token = new_key(self.world)[1], tokens.issue(self.world.get("User1"))
        for bearer, method, path in ((key, "GET", "/api/accounts/"), (token, "POST", "/api/uploads/")):
            here, there = [Http(server, bearer) for server in self._own.servers]
            self.assertEqual(await self.requests_until_refused(here, method, path), self.MOST)
            self.assertLessEqual(await self.requests_until_refused(there, method, path), 2)

    async def requests_until_refused(self, http: Http, method: str, path: str) -> int:
        for passed in range(2 * self.MOST):
            if (await asyncio.to_thread(http, method, path)).status == 429:
                return passed
        raise AssertionError("nothing was refused")

    async def test_count_each_for_itself_while_redis_is_away(self) -> None:
        (redis,) = self._own.helpers
        redis.stop()
        self.assertEqual(await self.until_refused(self.here), self.MOST)
        self.assertEqual(await self.until_refused(self.there), self.MOST)
