"""What one socket hears of several sockets' doings comes in the order in which it was done."""

from tests.case import SocketTest, text
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
