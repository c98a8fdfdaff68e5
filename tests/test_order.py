"""What one socket hears of several sockets' doings comes in the order in which it was done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from redis import Redis

from tests.case import SocketTest, text
from tests.client import Client, Heard, a_moment
from tests.view import View


class ATotalAndAMessageOfOneBatch(SocketTest):
    """A deletion and a message that are stored in one transaction: the total was counted before the message came."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "User3")
        server = self.deployment.servers[0]
        self.one, self.watching, self.two, self.busy = [
            await self.signed_in(name, server) for name in ("User1", "User1", "User2", "User3")
        ]

    async def test_are_heard_in_the_order_in_which_they_were_stored(self) -> None:
        view = View("User1")
        for _ in range(10):
            # While the writer stores this, what follows queues and becomes one batch.
            occupied = [await self.busy.request("send", account="User2", message=text("…")) for _ in range(5)]
            deletion = await self.one.request("chat_delete", account="User3")
            message = await self.two.request("send", account="User1", message=text("在吗"))
            await self.one.answer(deletion)
            await self.two.answer(message)
            for seq in occupied:
                await self.busy.answer(seq)
            for frame in await self.watching.pending():
                view.hear(frame)
        self.assertEqual(view.total, self.world.view("User1", "User2").unread)


class WhileRedisIsSlow(SocketTest):
    """Two processes write: each could tell its own sockets long before it hears of the other."""

    deployments: ClassVar[tuple[str, ...]] = ("grown-up",)

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "User3")
        here, there = self.deployment.servers
        self.one_here, self.one_there = await self.signed_in("User1", here), await self.signed_in("User1", there)
        self.two_here, self.two_there = await self.signed_in("User2", here), await self.signed_in("User2", there)

    @contextmanager
    def slow_redis(self) -> Iterator[None]:
        """Nothing that is published arrives until this is over."""
        with Redis.from_url(self.deployment.helpers[0].url) as redis:
            redis.execute_command("CLIENT", "PAUSE", "20000", "WRITE")
            try:
                yield
            finally:
                redis.execute_command("CLIENT", "UNPAUSE")


class WhatTwoProcessesWrote(WhileRedisIsSlow):
    async def stored(self, count: int) -> None:
        """Wait until the two have said so many things."""
        while len((await self.two_here.ask("chats", account="User1"))["data"]["list"]) < count:
            await a_moment()

    async def heard(self, client: Client, account: str) -> list[Heard]:
        frames = await self.silence(client, account)
        return [frame for frame in frames if frame["query"] in ("user_message", "sync_say", "sync_read", "ping")]

    async def test_is_heard_by_every_socket_in_the_order_of_the_ids(self) -> None:
        with self.slow_redis():
            first = (await self.one_here.tell("User2", "在吗"))["message_id"]
            await self.two_there.request("send", account="User1", message=text("在的"))
            await self.stored(2)
        second = self.world.messages().latest("id").pk
        for client, account, expected in (
            (self.one_here, "User1", [("user_message", second)]),
            (self.one_there, "User1", [("sync_say", first), ("sync_read", first), ("user_message", second)]),
            (self.two_here, "User2", [("user_message", first), ("sync_say", second), ("sync_read", second)]),
            (self.two_there, "User2", [("user_message", first), ("sync_read", second)]),
        ):
            with self.subTest(account=account, expected=expected):
                frames = await self.heard(client, account)
                self.assertEqual([(frame["query"], frame["message_id"]) for frame in frames], expected)

    async def test_is_heard_in_order_also_where_nobody_was_told_of_the_last_of_it(self) -> None:
        with self.slow_redis():
            await self.one_here.ask("send", account="User2", message=text("在吗"), client_id="1")
            # A repetition is written and told to nobody else.
            await self.one_here.ask("send", account="User2", message=text("在吗"), client_id="1")
            await self.two_there.request("send", account="User1", message=text("在的"))
            await self.stored(2)
        frames = await self.heard(self.two_there, "User2")
        self.assertEqual([frame["query"] for frame in frames], ["user_message", "sync_read"])

    async def test_is_answered_before_whatever_the_socket_asks_next(self) -> None:
        with self.slow_redis():
            await self.one_here.tell("User2", "在吗")
            await self.two_there.request("send", account="User1", message=text("在的"))
            await self.two_there.say("ping")
            await self.stored(2)
        frames = await self.heard(self.two_there, "User2")
        self.assertEqual([frame["query"] for frame in frames][:3], ["user_message", "sync_read", "ping"])

    async def test_keeps_no_receipt_back_for_long_where_redis_carries_nothing(self) -> None:
        with self.slow_redis():
            await self.one_here.tell("User2", "在吗")
            receipt = await self.two_there.tell("User1", "在的")
        self.assertEqual(receipt["message_id"], self.world.messages().latest("id").pk)


class WhatALaterMessageHasReadAlong(WhileRedisIsSlow):
    """Only one of the two processes knows that the recipient is in the room, so only its message is stored as read."""

    async def test_is_told_as_read_to_every_socket(self) -> None:
        await self.two_there.ask("enter_chats", account="User1")
        await self.silence(self.two_here, "User2")
        with self.slow_redis():
            await self.one_here.tell("User2", "在吗")
            await self.one_there.request("send", account="User2", message=text("在不在"))
            while len((await self.two_here.ask("chats", account="User1"))["data"]["list"]) < 2:
                await a_moment()
        for client in (self.two_here, self.two_there):
            view = View("User2")
            for frame in await self.silence(client, "User2"):
                view.hear(frame)
            self.assertEqual(view.rows["User1"].unread, self.world.view("User2", "User1").unread)


class ATotalAndAMessageOfTwoProcesses(WhileRedisIsSlow):
    """They concern different conversations, so a socket may hear them in another order than they were stored in."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.notify("User1", "欢迎")
        self.three_here, self.three_there = [await self.signed_in("User3", s) for s in self.deployment.servers]
        self.view = View("User1")
        self.view.fetched((await self.one_there.ask("users"))["data"])

    async def assert_the_total_is_right(self, *, in_the_end: int) -> None:
        """`one_there` shows the right total once it was told one that was counted anew."""
        anew = await self.one_there.hear("sync_all_noread_nums", chat_account=None)
        self.assertEqual(anew["data"], {"account": "User1", "all_noread_nums": in_the_end})
        # What it heard before, and after; the recounted total stands for everything that it counted.
        for frame in [*self.one_there.heard, anew, *await self.one_there.pending()]:
            self.view.hear(frame)
        self.assertEqual(self.view.total, in_the_end)

    async def test_a_message_that_was_counted_already_is_not_counted_twice(self) -> None:
        with self.slow_redis():
            await self.three_here.tell("User1", "在吗")
            entered = await self.one_there.ask("enter_chats", account="User2")
            self.assertEqual(entered["data"]["all_noread_nums"], 2)
        await self.one_there.hear("user_message", account="User3")
        await self.assert_the_total_is_right(in_the_end=2)

    async def test_a_message_that_was_not_counted_is_not_forgotten(self) -> None:
        with self.slow_redis():
            await self.one_here.ask("enter_chats", account="User2")
            await self.three_there.tell("User1", "在吗")
            await self.one_there.hear("user_message", account="User3")
        await self.one_there.hear("sync_all_noread_nums", chat_account="User2", all_noread_nums=1)
        await self.assert_the_total_is_right(in_the_end=2)
