"""`top`: a conversation is pinned above all others, or the pin is taken off."""

from tests.case import SocketTest


class PinningTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "User3")
        self.one = await self.signed_in("User1")
        await self.one.tell("User2", "你好")

    async def pin(self, operation: str) -> None:
        await self.one.ask("top", account="User2", operation=operation)


class Pinning(PinningTest):
    async def test_is_answered_with_the_protocols_frame(self) -> None:
        for operation, flag in (("set", 1), ("cancel", 0)):
            await self.one.say(f'{{"query":"top","data":{{"account":"User2","operation":"{operation}"}}}}')
            answer = await self.one.hear("top")
            data = {"account": "User2", "is_top": flag}
            self.assertEqual(answer, {"code": 0, "msg": "操作成功", "query": "top", "data": data})

    async def test_shows_in_the_list_until_it_is_taken_off(self) -> None:
        for operation, flag in (("set", 1), ("cancel", 0)):
            await self.pin(operation)
            self.assertEqual((await self.one.ask("users"))["data"][0]["is_top"], flag)

    async def test_twice_is_harmless(self) -> None:
        for operation in ("set", "set", "cancel", "cancel"):
            answer = await self.one.ask("top", account="User2", operation=operation)
            self.assertEqual(answer["code"], 0)

    async def test_outlasts_further_messages(self) -> None:
        await self.pin("set")
        await self.one.tell("User3", "你好")
        rows = (await self.one.ask("users"))["data"]
        self.assertEqual([(row["account"], row["is_top"]) for row in rows], [("User2", 1), ("User3", 0)])

    async def test_is_each_sides_own_affair(self) -> None:
        await self.pin("set")
        two = await self.signed_in("User2")
        self.assertEqual((await two.ask("users"))["data"][0]["is_top"], 0)


class TheOwnOtherSockets(PinningTest):
    async def test_hear_of_it_and_the_asking_socket_only_its_answer(self) -> None:
        other = await self.signed_in("User1")
        two = await self.signed_in("User2")
        for operation, flag in (("set", 1), ("cancel", 0)):
            await self.one.request("top", account="User2", operation=operation)
            (told,) = await self.silence(other, "User1")
            data = {"account": "User1", "chat_account": "User2", "is_top": flag}
            self.assertEqual(told, {"code": 0, "query": "sync_top", "data": data})
            self.assertEqual([frame["query"] for frame in await self.silence(self.one, "User1")], ["top"])
        self.assertEqual(await self.silence(two, "User2"), [])


class WhatCannotBePinned(PinningTest):
    async def test_a_conversation_that_does_not_exist(self) -> None:
        for operation in ("set", "cancel"):
            answer = await self.one.ask("top", account="User3", operation=operation)
            self.assert_refused(answer, "unknown_conversation", "top")
        self.assertFalse(self.world.conversations().filter(peer__name="User3").exists())

    async def test_a_conversation_that_was_deleted(self) -> None:
        await self.one.ask("chat_delete", account="User2")
        answer = await self.one.ask("top", account="User2", operation="set")
        self.assert_refused(answer, "unknown_conversation", "top")

    async def test_an_account_that_there_is_not(self) -> None:
        answer = await self.one.ask("top", account="Nobody", operation="set")
        self.assert_refused(answer, "unknown_account", "top")

    async def test_with_another_word_than_set_or_cancel(self) -> None:
        for wrong in ("SET", "", "toggle"):
            answer = await self.one.ask("top", account="User2", operation=wrong)
            self.assert_refused(answer, "invalid_field", "top")
            self.assertEqual(answer["field"], "data.operation")
