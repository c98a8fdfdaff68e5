"""Rights that are withdrawn while Redis is away: the sockets close as soon as it is back, in every process."""

from typing import ClassVar

from tests import deployments
from tests.admin_session import AdminSession
from tests.case import SocketTest
from tests.deployments import Deployment, missing_for_grown_up


class RightsWithdrawnWhileRedisIsAway(SocketTest):
    deployments: ClassVar = ("uvicorn",)

    async def asyncSetUp(self) -> None:
        if missing_for_grown_up():
            self.skipTest(f"{missing_for_grown_up()} is not installed")
        self._own = deployments.joined()
        self.addCleanup(self._own.stop)
        await super().asyncSetUp()

    @property
    def deployment(self) -> Deployment:
        return self._own

    async def test_close_the_sockets_at_the_other_process_once_it_is_back(self) -> None:
        self.world.accounts("User1", "User2")
        here, there = [await self.signed_in("User1", server) for server in self._own.servers]
        others = [await self.signed_in("User2", server) for server in self._own.servers]
        staff = await AdminSession.begin(self._own.servers[0], self._own.alias)
        (redis,) = self._own.helpers
        redis.stop()
        await staff.act("/admin/accounts/account/", "sign_out", self.world.get("User1").pk)
        self.assertEqual(await here.closed(), 4403)
        self.assertEqual((await there.ask("users"))["code"], 0)
        redis.start_again()
        self.assertEqual(await there.closed(), 4403)
        self.assertEqual([await other.pending() for other in others], [[], []])
