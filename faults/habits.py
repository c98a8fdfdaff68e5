"""What people do with the chat, at random and with the weights of a busy shop."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from faults.device import GONE, Device, jittered

BAD_FRAMES: tuple[str | bytes, ...] = (
    "",
    "{",
    "[]",
    "null",
    '"ping"',
    "{}",
    '{"query":"nothing"}',
    '{"query":"send"}',
    '{"query":"send","data":{"account":7,"message":{}}}',
    '{"query":"users","data":{"page":-1}}',
    '{"query":"history_chats","data":{"account":"a","start_id":1000000000000000000000000000000}}',
    "[" * 20_000,
    '{"query":"users","x":"' + "x" * 70_000 + '"}',
    b"\x00\xff binary",
)


class Habits:
    """One device in somebody's hands, until it is put down."""

    def __init__(self, device: Device, dice: random.Random, pace: float = 0.04) -> None:
        """`pace` is the mean pause between two doings, in seconds."""
        self.device = device
        self.person = device.person
        self._dice = dice
        self._pace = pace
        self._doings: list[tuple[Callable[[str], Awaitable[None]], int]] = [
            (self._talk, 50),
            (self._enter, 12),
            (self._leave, 6),
            (self._page_back, 6),
            (self._catch_up, 6),
            (self._list, 4),
            (self._pin, 3),
            (self._delete, 1),
            (self._repeat, 3),
            (self._blunder, 3),
            (self._ping, 2),
            (self._reconnect, 2),
        ]

    async def live(self, over: asyncio.Event) -> None:
        """Use the device until `over` is set and everything that was sent has its receipt."""
        pause = 0.05
        while not over.is_set() or self.person.unacknowledged or not self.device.online:
            try:
                if not self.device.online:
                    if not await self._arrive():
                        await asyncio.sleep(jittered(self._dice, 0.3))
                        continue
                    pause = 0.05
                elif over.is_set():
                    await self._resend()
                else:
                    doing = self._dice.choices(*zip(*self._doings, strict=True))[0]
                    await doing(self._dice.choice(self.person.peers))
            except GONE:
                await self.device.hang_up()
                await asyncio.sleep(jittered(self._dice, pause))
                pause = min(1.0, pause * 2)
            else:
                await asyncio.sleep(jittered(self._dice, self._pace))

    async def _arrive(self) -> bool:
        """Come back as apps do: sign in, fetch the list, send again what has no receipt, ask for what was missed."""
        device = self.device
        if (await device.come())["code"] != 0:
            await device.hang_up()
            return False
        if (await device.ask("users", limit=100))["code"] != 0:
            return False
        await self._resend()
        for peer in list(device.held):
            await self._catch_up(peer)
        return True

    async def _resend(self) -> None:
        waiting = list(self.person.unacknowledged.items())
        asked = [await self.device.send(client_id, peer) for client_id, peer in waiting]
        waits = [(await self.device.answer(seq)).get("retry_after", 0) for seq in asked]
        await asyncio.sleep(min(max(waits, default=0), 1.0) * self._dice.random())

    async def _talk(self, peer: str) -> None:
        burst = [self.person.next_id(peer) for _ in range(self._dice.choice((1, 1, 1, 2, 5)))]
        asked = [await self.device.send(client_id, peer) for client_id in burst]
        if self._dice.random() < 0.5:
            for seq in asked:
                await self.device.answer(seq)

    async def _repeat(self, peer: str) -> None:
        """Impatience: the same message twice, before its receipt."""
        client_id = self.person.next_id(peer)
        asked = [await self.device.send(client_id, peer) for _ in range(2)]
        for seq in asked:
            await self.device.answer(seq)

    async def _enter(self, peer: str) -> None:
        await self.device.ask("enter_chats", account=peer)

    async def _leave(self, peer: str) -> None:
        await self.device.ask("leave_chats", account=peer)

    async def _list(self, peer: str) -> None:
        await self.device.ask("users", page=self._dice.choice((1, 1, 2)), limit=self._dice.randint(1, 20))

    async def _page_back(self, peer: str) -> None:
        """Scroll up, in pages of any size, while messages arrive."""
        page = await self.device.ask("chats", account=peer)
        for _ in range(self._dice.randint(1, 6)):
            items = page.get("data", {}).get("list")
            if not items:
                return
            self.device.held.setdefault(peer, items[-1]["id"])
            limit = self._dice.choice((1, 2, 7, 20, 50, 100))
            page = await self.device.ask("history_chats", account=peer, start_id=items[0]["id"], limit=limit)

    async def _catch_up(self, peer: str) -> None:
        """Ask for everything after what is held."""
        more = True
        while more:
            after, limit = self.device.held.get(peer, 0), self._dice.choice((1, 5, 20, 100))
            page = (await self.device.ask("history_chats", account=peer, after_id=after, limit=limit)).get("data", {})
            items, more = page.get("list", []), page.get("has_more", False)
            if items:
                self.device.held[peer] = items[-1]["id"]
            # A long past is caught up with bit by bit.
            more = more and self._dice.random() < 0.8

    async def _pin(self, peer: str) -> None:
        await self.device.ask("top", account=peer, operation=self._dice.choice(("set", "cancel")))

    async def _delete(self, peer: str) -> None:
        await self.device.ask("chat_delete", account=peer)

    async def _blunder(self, peer: str) -> None:
        await self.device.say_badly(self._dice.choice(BAD_FRAMES))

    async def _ping(self, peer: str) -> None:
        await self.device.pinged()

    async def _reconnect(self, peer: str) -> None:
        await self.device.hang_up()
