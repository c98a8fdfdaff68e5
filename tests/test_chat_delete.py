"""`chat_delete`: a conversation goes from one's own list, with its messages so far, for good."""

from tests.case import SocketTest
from tests.client import Client


class DeletingTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.one = await self.signed_in("User1")
        self.two = await self.signed_in("User2")
        self.ids = await self.two.tell_all("User1", "一二三")

    async def listed(self, client: Client) -> list[str]:
        return [row["account"] for row in (await client.ask("users"))["data"]]

    async def shown(self, client: Client, account: str) -> list[int]:
        """The ids of the conversation as both lists show them, which agree."""
        chats = (await client.ask("chats", account=account))["data"]["list"]
        history = (await client.ask("history_chats", account=account, after_id=0))["data"]["list"]
        self.assertEqual(chats, history)
        return [item["id"] for item in chats]


class Deleting(DeletingTest):
    async def test_takes_the_conversation_from_ones_own_list(self) -> None:
        await self.one.ask("chat_delete", account="User2")
        self.assertEqual(await self.listed(self.one), [])

    async def test_hides_its_messages_so_far(self) -> None:
        await self.one.ask("chat_delete", account="User2")
        self.assertEqual(await self.shown(self.one, "User2"), [])
        page = await self.one.ask("history_chats", account="User2", start_id=self.ids[-1])
        self.assertEqual((page["data"]["list"], page["data"]["has_more"]), ([], False))

    async def test_leaves_everything_to_the_other_side(self) -> None:
        await self.one.ask("chat_delete", account="User2")
        self.assertEqual(await self.listed(self.two), ["User1"])
        self.assertEqual(await self.shown(self.two, "User1"), self.ids)

    async def test_does_not_claim_to_the_other_side_that_anything_was_read(self) -> None:
        await self.one.ask("chat_delete", account="User2")
        items = (await self.two.ask("chats", account="User1"))["data"]["list"]
        self.assertEqual([item["is_read"] for item in items], [0, 0, 0])

    async def test_resets_the_pin(self) -> None:
        await self.one.ask("top", account="User2", operation="set")
        await self.one.ask("chat_delete", account="User2")
        await self.two.tell("User1", "四")
        self.assertEqual((await self.one.ask("users"))["data"][0]["is_top"], 0)

    async def test_tells_the_other_side_nothing(self) -> None:
        await self.one.ask("chat_delete", account="User2")
        self.assertEqual(await self.silence(self.two, "User2"), [])

    async def test_twice_is_harmless(self) -> None:
        await self.one.ask("chat_delete", account="User2")
        answer = await self.one.ask("chat_delete", account="User2")
        self.assertEqual((answer["code"], answer["data"]["all_noread_nums"]), (0, 0))

    async def test_what_never_was_is_harmless(self) -> None:
        self.world.account("User3")
        answer = await self.one.ask("chat_delete", account="User3")
        self.assertEqual((answer["code"], answer["data"]["all_noread_nums"]), (0, 3))

    async def test_an_account_that_there_is_not_is_an_error(self) -> None:
        self.assert_refused(await self.one.ask("chat_delete", account="Nobody"), "unknown_account", "chat_delete")


class TheOwnSockets(DeletingTest):
    async def test_all_hear_the_total_that_is_left(self) -> None:
        self.world.account("User3")
        three = await self.signed_in("User3")
        await three.tell("User1", "四")
        other = await self.signed_in("User1")
        answer = await self.one.ask("chat_delete", account="User2")
        expected = {"account": "User1", "all_noread_nums": 1, "chat_account": "User2"}
        self.assertEqual((answer["query"], answer["data"]), ("sync_all_noread_nums", expected))
        self.assertEqual((await other.hear("sync_all_noread_nums"))["data"], expected)

    async def test_the_others_hear_which_conversation_is_gone(self) -> None:
        other = await self.signed_in("User1")
        await self.one.request("chat_delete", account="User2")
        queries = self.told([frame["query"] for frame in await self.silence(other, "User1")])
        self.assertEqual(queries, ["sync_all_noread_nums", "sync_chat_delete"])
        heard = [frame["query"] for frame in await self.silence(self.one, "User1")]
        self.assertEqual(self.told([query for query in heard if query != "user_message"]), ["sync_all_noread_nums"])

    def told(self, queries: list[str]) -> list[str]:
        """With several processes a total may be told once more, a moment after another told of messages."""
        return queries if len(self.deployment.servers) == 1 else [*dict.fromkeys(queries)]

    async def test_the_others_are_told_both_accounts(self) -> None:
        other = await self.signed_in("User1")
        await self.one.ask("chat_delete", account="User2")
        told = await other.hear("sync_chat_delete")
        self.assertEqual(told["data"], {"account": "User1", "chat_account": "User2"})


class ALaterMessage(DeletingTest):
    async def test_brings_the_conversation_back_with_only_what_came_later(self) -> None:
        await self.one.ask("chat_delete", account="User2")
        receipt = await self.two.tell("User1", "四")
        self.assertEqual(await self.listed(self.one), ["User2"])
        self.assertEqual(await self.shown(self.one, "User2"), [receipt["message_id"]])
        self.assertEqual((await self.one.ask("users"))["data"][0]["noread_nums"], 1)
        self.assertEqual(self.world.recount("User1", "User2"), 1)

    async def test_of_ones_own_does_the_same(self) -> None:
        await self.one.ask("chat_delete", account="User2")
        receipt = await self.one.tell("User2", "四")
        self.assertEqual(await self.listed(self.one), ["User2"])
        self.assertEqual(await self.shown(self.one, "User2"), [receipt["message_id"]])
        self.assertEqual(await self.shown(self.two, "User1"), [*self.ids, receipt["message_id"]])

    async def test_is_read_on_arrival_if_the_room_was_not_left(self) -> None:
        server = self.deployment.servers[0]
        one, two = await self.signed_in("User1", server), await self.signed_in("User2", server)
        await one.ask("enter_chats", account="User2")
        await one.ask("chat_delete", account="User2")
        self.assertEqual((await two.tell("User1", "四"))["data"]["is_read"], 1)


class BothSides(DeletingTest):
    async def test_may_delete(self) -> None:
        await self.one.ask("chat_delete", account="User2")
        await self.two.ask("chat_delete", account="User1")
        self.assertEqual(await self.shown(self.one, "User2") + await self.shown(self.two, "User1"), [])
        self.assertEqual(self.world.messages().count(), 3)
