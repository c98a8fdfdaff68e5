"""`subscribe`: the added notices, which no socket hears unasked."""

from tests.case import SocketTest
from tests.client import Client

ALL = ["typing", "online", "recall", "visit"]


class SubscribeTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.one, self.two = await self.signed_in("User1"), await self.signed_in("User2")

    async def everything_happens(self) -> None:
        """User2 types, says something and takes it back, comes with another socket and hangs up with it."""
        await self.two.ask("typing", account="User1")
        sent = await self.two.tell("User1", "你好")
        await self.two.ask("recall", account="User1", message_id=sent["message_id"])

    async def heard(self, client: Client) -> list[str]:
        return [frame["query"] for frame in await self.silence(client, "User1")]


class Subscribing(SubscribeTest):
    async def test_is_answered_with_what_the_socket_hears_from_now_on(self) -> None:
        await self.one.say('{"query":"subscribe","data":{"events":["typing","online","recall","visit"]}}')
        answer = await self.one.hear("subscribe")
        self.assertEqual(answer, {"code": 0, "msg": "操作成功", "query": "subscribe", "data": {"events": ALL}})

    async def test_passes_over_names_that_the_server_does_not_know(self) -> None:
        answer = await self.one.ask("subscribe", events=["recall", "weather", "recall"])
        self.assertEqual(answer["data"], {"events": ["recall"]})

    async def test_lets_the_socket_hear_these_notices_and_no_others(self) -> None:
        for events, heard in ((ALL, ["sync_typing", "user_message", "sync_recall"]), (["recall"], None)):
            await self.one.ask("subscribe", events=events)
            await self.everything_happens()
            self.assertEqual(await self.heard(self.one), heard or ["user_message", "sync_recall"])
            self.two = await self.signed_in("User2")

    async def test_again_takes_the_place_of_what_was_asked_before(self) -> None:
        await self.one.ask("subscribe", events=ALL)
        self.assertEqual((await self.one.ask("subscribe", events=[]))["data"], {"events": []})
        await self.everything_happens()
        self.assertEqual(await self.heard(self.one), ["user_message"])

    async def test_ends_with_another_sign_in_on_the_socket(self) -> None:
        await self.one.ask("subscribe", events=ALL)
        await self.one.sign_in(self.world.appid, "User1", "123456")
        await self.everything_happens()
        self.assertEqual(await self.heard(self.one), ["user_message"])

    async def test_is_for_those_who_are_signed_in(self) -> None:
        stranger = await self.connect()
        for query in ("subscribe", "typing", "online", "recall"):
            await stranger.say(f'{{"query":"{query}","data":{{}}}}')
            self.assert_refused(await stranger.hear(query), "login_required", query)

    async def test_with_too_much_is_refused(self) -> None:
        for events in (["recall"] * 21, ["x" * 33], "recall", [1]):
            answer = await self.one.ask("subscribe", events=events)
            self.assert_refused(answer, "invalid_field", "subscribe")
            self.assertTrue(answer["field"].startswith("data.events"))


class ASocketThatDidNotSubscribe(SubscribeTest):
    async def test_hears_what_it_always_did(self) -> None:
        await self.everything_happens()
        self.assertEqual(await self.heard(self.one), ["user_message"])

    async def test_hears_nothing_though_another_of_its_account_did(self) -> None:
        other = await self.signed_in("User1")
        await other.ask("subscribe", events=ALL)
        await self.everything_happens()
        await other.hear("sync_recall")
        self.assertEqual(await self.heard(self.one), ["user_message"])
