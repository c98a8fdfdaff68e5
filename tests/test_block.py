"""`block`, `unblock` and `blocked`: whom an account wants to hear nothing from."""

from accounts.directory import AccountRef
from accounts.refusals import Reason, Refusal
from chat import blocks
from chat.models import Block
from tests.admin_case import AdminTest
from tests.case import SocketTest, text
from tests.client import Heard


class BlockTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "User3")
        self.one = await self.signed_in("User1")
        self.two = await self.signed_in("User2")

    def assert_blocked(self, heard: Heard, query: str = "send") -> None:
        self.assert_refused(heard, "blocked", query)
        self.assertEqual(heard["msg"], "对方已拒收您的消息")


class BlockingSomebody(BlockTest):
    async def test_refuses_what_they_send_and_keeps_nothing_of_it(self) -> None:
        await self.one.ask("block", account="User2")
        refused = await self.two.ask("send", account="User1", message=text("在吗"), client_id="c-1")
        self.assert_blocked(refused)
        self.assertEqual(refused["data"], {"client_id": "c-1"})
        self.assertEqual(await self.silence(self.one, "User1"), [])
        self.assertFalse(self.world.messages().exists())
        self.assertFalse(self.world.conversations().exists())

    async def test_is_answered_and_told_to_the_accounts_other_sockets_alone(self) -> None:
        other = await self.signed_in("User1")
        answer = await self.one.ask("block", account="User2")
        self.assertEqual((answer["code"], answer["data"]), (0, {"account": "User2", "is_blocked": 1}))
        heard = await other.hear("sync_block")
        self.assertEqual(heard["data"], {"account": "User1", "chat_account": "User2", "is_blocked": 1})
        self.assertEqual(await self.silence(self.two, "User2"), [])

    async def test_leaves_everybody_else_alone(self) -> None:
        await self.one.ask("block", account="User2")
        three = await self.signed_in("User3")
        for client, account in ((three, "User1"), (three, "User2"), (self.two, "User3"), (self.one, "User2")):
            self.assertEqual((await client.tell(account, "在吗"))["code"], 0)

    async def test_refuses_only_theirs_of_many_sent_at_once(self) -> None:
        await self.one.ask("block", account="User2")
        sent = [
            await self.two.request("send", account=account, message=text(str(number)), client_id=f"{account}-{number}")
            for number in range(20)
            for account in ("User1", "User3", "User1")
        ]
        answers = [await self.two.answer(seq) for seq in sent]
        self.assertEqual([answer.get("reason", "") for answer in answers], ["blocked", "", "blocked"] * 20)
        self.assertEqual(self.world.messages().count(), 20)

    async def test_twice_is_harmless(self) -> None:
        answers = [await self.one.ask("block", account="User2") for _ in range(2)]
        self.assertEqual([answer["data"]["is_blocked"] for answer in answers], [1, 1])
        self.assertEqual(len((await self.one.ask("blocked"))["data"]), 1)

    async def test_gives_the_receipt_again_for_what_was_sent_before(self) -> None:
        first = await self.two.ask("send", account="User1", message=text("在吗"), client_id="c-1")
        await self.one.ask("block", account="User2")
        again = await self.two.ask("send", account="User1", message=text("在吗"), client_id="c-1")
        self.assertEqual((again["code"], again["message_id"]), (0, first["message_id"]))
        self.assert_blocked(await self.two.tell("User1", "还在吗"))

    async def test_keeps_what_was_said_before(self) -> None:
        await self.two.tell("User1", "在吗")
        await self.one.ask("block", account="User2")
        self.assertEqual(len((await self.one.ask("chats", account="User2"))["data"]["list"]), 1)

    async def test_is_refused_for_notifications_and_oneself_and_strangers(self) -> None:
        for account, reason in (
            (self.world.notification.name, "notification_account"),
            ("User1", "own_account"),
            ("Nobody", "unknown_account"),
        ):
            for query in ("block", "unblock") if account != self.world.notification.name else ("block",):
                self.assert_refused(await self.one.ask(query, account=account), reason, query)


class UnblockingSomebody(BlockTest):
    async def test_lets_their_messages_arrive_again(self) -> None:
        other = await self.signed_in("User1")
        await self.one.ask("block", account="User2")
        answer = await self.one.ask("unblock", account="User2")
        self.assertEqual((answer["code"], answer["data"]), (0, {"account": "User2", "is_blocked": 0}))
        self.assertEqual((await other.hear("sync_block", is_blocked=0))["data"]["chat_account"], "User2")
        self.assertEqual((await self.two.tell("User1", "在吗"))["code"], 0)
        self.assertEqual((await self.one.hear("user_message"))["data"]["message"], text("在吗"))

    async def test_who_is_not_blocked_is_harmless(self) -> None:
        self.assertEqual((await self.one.ask("unblock", account="User3"))["data"]["is_blocked"], 0)


class TheListOfTheBlocked(BlockTest):
    async def test_has_the_last_one_first_and_pages(self) -> None:
        for account in ("User2", "User3"):
            await self.one.ask("block", account=account)
        pages = [(await self.one.ask("blocked", page=page, limit=1))["data"] for page in (1, 2, 3)]
        self.assertEqual([[row["account"] for row in page] for page in pages], [["User3"], ["User2"], []])

    async def test_is_each_accounts_own(self) -> None:
        await self.one.ask("block", account="User2")
        self.assertEqual((await self.two.ask("blocked"))["data"], [])


class BlockingAndRobots(BlockTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        self.shop = await self.signed_in("dev17")

    async def ask(self, **data: object) -> Heard:
        return await self.one.ask("robot", account="dev17", shop_id=17, **data)

    async def test_a_shop_that_blocked_a_customer_has_no_robot_for_them(self) -> None:
        await self.shop.ask("block", account="User1")
        for data in ({}, {"content": "包邮吗"}, {"content": "没有人知道"}):
            self.assert_blocked(await self.ask(**data), "robot")
        self.assertEqual((self.world.unanswered(), self.world.messages().count()), ([], 0))

    async def test_a_customer_who_blocked_a_shop_is_told_to_unblock_it_first(self) -> None:
        await self.one.ask("block", account="dev17")
        self.assert_refused(await self.ask(content="包邮吗"), "blocked_by_you", "robot")
        await self.one.ask("unblock", account="dev17")
        self.assertEqual((await self.ask(content="包邮吗"))["code"], 0)


class Hints(BlockTest):
    """What people see of each other without a message."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        await self.one.tell("User2", "你好")
        for client in (self.one, self.two):
            await client.ask("subscribe", events=["typing", "online"])

    async def test_of_typing_reach_neither_of_them(self) -> None:
        await self.one.ask("block", account="User2")
        for client, account in ((self.one, "User2"), (self.two, "User1")):
            self.assertEqual((await client.ask("typing", account=account))["code"], 0)
        for client, account in ((self.one, "User1"), (self.two, "User2")):
            heard = [frame["query"] for frame in await self.silence(client, account)]
            self.assertNotIn("sync_typing", heard)

    async def test_of_typing_reach_them_again_once_nobody_is_blocked(self) -> None:
        await self.one.ask("block", account="User2")
        await self.one.ask("unblock", account="User2")
        await self.two.ask("typing", account="User1")
        await self.one.hear("sync_typing", chat_account="User2")

    async def test_of_presence_are_not_for_who_is_blocked(self) -> None:
        await self.one.ask("block", account="User2")
        self.assertEqual((await self.two.ask("online", accounts=["User1"]))["data"], [])
        self.assertEqual(
            [row["account"] for row in (await self.one.ask("online", accounts=["User2"]))["data"]], ["User2"]
        )

    async def test_of_presence_end_for_who_asked_before_being_blocked(self) -> None:
        three = await self.signed_in("User3")
        await three.tell("User1", "你好")
        await three.ask("subscribe", events=["online"])
        for client in (self.two, three):
            await client.ask("online", accounts=["User1"])
            await client.pending()
        await self.one.ask("block", account="User2")
        await self.one.socket.close()
        await three.hear("sync_online", chat_account="User1", online=0)
        self.assertNotIn("sync_online", [frame["query"] for frame in await self.silence(self.two, "User2")])


class AtTheLimit(AdminTest):
    def test_another_is_refused_and_one_that_is_blocked_stays_so(self) -> None:
        me = self.world.account("me")
        others = self.many_accounts(blocks.MOST + 1)
        Block.objects.bulk_create(Block(owner=me, blocked=other) for other in others[:-1])
        owner = AccountRef.of(me)
        self.assertTrue(blocks.block(owner=owner, peer=AccountRef.of(others[0])).blocked)
        with self.assertRaises(Refusal) as refused:
            blocks.block(owner=owner, peer=AccountRef.of(others[-1]))
        self.assertIs(refused.exception.reason, Reason.TOO_MANY_BLOCKED)
