"""`online`: who is there, and hearing of it when that changes."""

import asyncio
from typing import Any, ClassVar

from tests.case import SocketTest
from tests.client import PATIENCE, a_moment
from tests.services import ChatServer


class OnlineTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2", "Stranger")
        self.world.shop("dev17", 17, {})
        self.one = await self.signed_in("User1")
        await self.one.tell("User2", "你好")

    async def online(self, *accounts: str) -> list[dict[str, Any]]:
        presences: list[dict[str, Any]] = (await self.one.ask("online", accounts=accounts))["data"]
        return presences

    async def until(self, account: str, flag: int) -> dict[str, Any]:
        """Ask until the account is online or offline, as another process may hear of it a moment later."""
        async with asyncio.timeout(PATIENCE):
            while (presence := (await self.online(account))[0])["online"] != flag:
                await a_moment()
        return presence


class Asking(OnlineTest):
    async def test_is_answered_with_the_protocols_frame_in_the_order_of_the_names(self) -> None:
        await self.signed_in("dev17")
        await self.until("dev17", 1)
        await self.one.say('{"query":"online","data":{"accounts":["User2","dev17"]}}')
        data = [
            {"account": "User2", "online": 0, "last_seen": ""},
            {"account": "dev17", "online": 1, "last_seen": ""},
        ]
        self.assertEqual(await self.one.hear("online"), {"code": 0, "query": "online", "data": data})

    async def test_tells_of_acquaintances_and_shops_alone(self) -> None:
        await self.signed_in("Stranger")
        names = ("Stranger", "Nobody", "User1", "notification", "User2", "dev17", "User2")
        self.assertEqual([presence["account"] for presence in await self.online(*names)], ["User2", "dev17"])

    async def test_tells_nothing_of_a_shop_that_is_closed(self) -> None:
        self.world.shop("dev18", 18, {}, enabled=False)
        self.assertEqual(await self.online("dev18"), [])

    async def test_tells_nothing_of_another_app(self) -> None:
        mine = self.world
        await super(OnlineTest, self).asyncSetUp()
        self.world.shop("elsewhere", 17, {})
        self.world = mine
        self.assertEqual(await self.online("elsewhere"), [])

    async def test_tells_when_who_is_offline_was_there_last(self) -> None:
        two = await self.signed_in("User2")
        await self.until("User2", 1)
        await two.socket.close()
        presence = await self.until("User2", 0)
        async with asyncio.timeout(PATIENCE):
            while not presence["last_seen"]:
                await a_moment()
                presence = (await self.online("User2"))[0]
        self.assertRegex(presence["last_seen"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")

    async def test_of_too_many_at_once_is_refused(self) -> None:
        answer = await self.one.ask("online", accounts=["User2"] * 101)
        self.assert_refused(answer, "invalid_field", "online")
        self.assertEqual(answer["field"], "data.accounts")


class WatchingTest(OnlineTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        await self.one.ask("subscribe", events=["online"])

    async def hears(self, account: str, flag: int) -> None:
        data = {"account": "User1", "chat_account": account, "online": flag}
        heard = await self.one.hear("sync_online")
        self.assertEqual(heard, {"code": 0, "query": "sync_online", "data": data})

    async def settled(self) -> None:
        """Everything that happened so far is known everywhere: a witness has seen a shop come and go, which takes
        as long as it takes for anybody to be offline."""
        name = f"shop{next(self._markers)}"
        self.world.shop(name, next(self._markers), {})
        witness = await self.signed_in("User1")
        await witness.ask("subscribe", events=["online"])
        await witness.ask("online", accounts=[name])
        shop = await self.signed_in(name)
        await witness.hear("sync_online", online=1)
        await shop.socket.close()
        await witness.hear("sync_online", online=0)


class Watching(WatchingTest):
    async def test_tells_who_comes_and_who_goes(self) -> None:
        await self.online("User2", "dev17")
        for _ in range(2):
            two = await self.signed_in("User2")
            await self.hears("User2", 1)
            await two.socket.close()
            await self.hears("User2", 0)

    async def test_hears_of_an_account_not_of_its_sockets(self) -> None:
        await self.online("User2")
        first = [await self.signed_in("User2") for _ in range(4)]
        await self.hears("User2", 1)
        for client in first[1:]:
            await client.socket.close()
        await self.settled()
        self.assertEqual(await self.silence(self.one, "User1"), [])
        await first[0].socket.close()
        await self.hears("User2", 0)

    async def test_does_not_flicker_when_somebody_reconnects(self) -> None:
        two = await self.signed_in("User2")
        await self.until("User2", 1)
        await two.socket.close()
        await self.signed_in("User2")
        await self.settled()
        self.assertEqual([frame["query"] for frame in await self.silence(self.one, "User1")], [])

    async def test_is_for_those_alone_whom_the_socket_asked_about(self) -> None:
        await self.online("User2")
        await self.signed_in("dev17")
        await self.signed_in("User2")
        await self.hears("User2", 1)
        await self.settled()
        self.assertEqual(await self.silence(self.one, "User1"), [])

    async def test_is_each_sockets_own_affair(self) -> None:
        other = await self.signed_in("User1")
        await other.ask("subscribe", events=["online"])
        await self.online("User2")
        await self.signed_in("User2")
        await self.hears("User2", 1)
        self.assertEqual(await self.silence(other, "User1"), [])

    async def test_ends_when_the_socket_subscribes_to_something_else(self) -> None:
        await self.online("User2")
        await self.one.ask("subscribe", events=["typing"])
        await self.signed_in("User2")
        await self.settled()
        self.assertEqual(await self.silence(self.one, "User1"), [])


class AProcessThatIsKilled(WatchingTest):
    deployments: ClassVar[tuple[str, ...]] = ("grown-up",)

    async def test_leaves_nobody_online(self) -> None:
        third = ChatServer("uvicorn", self.deployment.servers[0].environment)
        self.addCleanup(third.stop)
        await self.online("User2", "dev17")
        await self.signed_in("User2", third)
        await self.hears("User2", 1)
        await self.signed_in("dev17", third)
        await self.hears("dev17", 1)
        await self.signed_in("dev17")
        third.program.process.kill()
        await self.hears("User2", 0)
        self.assertEqual(await self.silence(self.one, "User1"), [])
        await self.until("dev17", 1)
