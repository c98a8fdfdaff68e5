"""`typing`: the peer sees that somebody writes."""

from typing import ClassVar

from tests.case import OwnServerTest, SocketTest


class TypingTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "User3")
        self.one, self.two = await self.signed_in("User1"), await self.signed_in("User2")
        await self.two.ask("subscribe", events=["typing"])

    async def told(self) -> list[int]:
        """What User2 was told of User1's typing by now."""
        return [frame["data"]["typing"] for frame in await self.silence(self.two, "User2")]


class Typing(TypingTest):
    async def test_is_told_to_the_peer_with_the_protocols_frame(self) -> None:
        for flag in (1, 0):
            await self.one.say(f'{{"query":"typing","data":{{"account":"User2","typing":{flag}}}}}')
            data = {"account": "User2", "chat_account": "User1", "typing": flag}
            self.assertEqual(await self.two.hear("sync_typing"), {"code": 0, "query": "sync_typing", "data": data})

    async def test_is_answered_only_where_a_seq_asks_for_it(self) -> None:
        await self.one.say('{"query":"typing","data":{"account":"User2"}}')
        await self.one.say('{"query":"typing","seq":5,"data":{"account":"User2"}}')
        answer = {"code": 0, "seq": 5, "msg": "操作成功", "query": "typing"}
        self.assertEqual(await self.silence(self.one, "User1"), [answer])

    async def test_is_told_once_though_it_is_said_with_each_letter(self) -> None:
        for _ in range(10):
            await self.one.ask("typing", account="User2")
        await self.one.ask("typing", account="User2", typing=0)
        await self.one.ask("typing", account="User2", typing=0)
        self.assertEqual(await self.told(), [1, 0])

    async def test_that_never_began_does_not_end(self) -> None:
        await self.one.ask("typing", account="User2", typing=0)
        self.assertEqual(await self.told(), [])

    async def test_to_somebody_else_is_told_at_once(self) -> None:
        await self.one.ask("typing", account="User2")
        await self.one.ask("typing", account="User3")
        await self.one.ask("typing", account="User2")
        self.assertEqual(await self.told(), [1, 1])

    async def test_leaves_nothing_in_the_database(self) -> None:
        await self.one.ask("typing", account="User2")
        await self.two.hear("sync_typing")
        self.assertFalse(self.world.messages().exists())
        self.assertFalse(self.world.conversations().exists())

    async def test_is_not_told_to_the_typists_other_sockets(self) -> None:
        other = await self.signed_in("User1")
        await other.ask("subscribe", events=["typing"])
        await self.one.ask("typing", account="User2")
        await self.two.hear("sync_typing")
        self.assertEqual(await self.silence(other, "User1"), [])


class WhatCannotBeTypedTo(TypingTest):
    async def test_is_refused_even_without_a_seq(self) -> None:
        refusals = {"Nobody": "unknown_account", "User1": "own_account", "notification": "notification_account"}
        for name, reason in refusals.items():
            await self.one.say(f'{{"query":"typing","data":{{"account":"{name}","typing":1}}}}')
            self.assert_refused(await self.one.hear("typing"), reason, "typing")

    async def test_with_another_number_than_0_or_1(self) -> None:
        for wrong in (2, -1, "yes", None):
            answer = await self.one.ask("typing", account="User2", typing=wrong)
            self.assert_refused(answer, "invalid_field", "typing")
            self.assertEqual(answer["field"], "data.typing")


class TypingTooOften(TypingTest, OwnServerTest):
    environment: ClassVar[dict[str, str]] = {"CHAT_LIMITS": "1", "CHAT_HINTS_PER_MINUTE": "3"}

    async def test_is_refused_with_the_seconds_to_wait(self) -> None:
        for _ in range(3):
            self.assertEqual((await self.one.ask("typing", account="User2"))["code"], 0)
        for query, data in (("typing", {"account": "User2"}), ("online", {"accounts": ["User2"]})):
            answer = await self.one.ask(query, **data)
            self.assert_refused(answer, "too_many_requests", query)
            self.assertGreater(answer["retry_after"], 0)
