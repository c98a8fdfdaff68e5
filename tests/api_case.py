"""What the tests of the HTTP interface share: an app key that may do everything, beside the sockets of a deployment."""

import asyncio
from typing import Any, ClassVar

from accounts.models import Scope
from tests.case import SocketTest
from tests.http import Answer, Http, new_key, path
from tests.world import World


class ApiTest(SocketTest):
    """Each request goes to the next process of the deployment: what one has written, all others know."""

    deployments: ClassVar[tuple[str, ...]] = ("daphne", "grown-up")

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.key, self.bearer = new_key(self.world)

    async def api(
        self, method: str, *parts: object, data: Any = None, bearer: str | None = None, query: str = ""
    ) -> Answer:
        """A request to the path of these parts."""
        http = Http(self.deployment.next_server(), self.bearer if bearer is None else bearer)
        address = path(*parts) + (f"?{query}" if query else "")
        return await asyncio.to_thread(http, method, address, data)

    async def done(self, method: str, *parts: object, status: int = 200, **options: Any) -> Any:
        """What a request is answered that must succeed."""
        answer = await self.api(method, *parts, **options)
        self.assertEqual(answer.status, status, answer.content)
        return answer.json if answer.content else None

    def assert_problem(self, answer: Answer, status: int, code: str) -> dict[str, Any]:
        """The answer is a problem in the one shape; returns it."""
        self.assertEqual((answer.status, answer.headers["content-type"]), (status, "application/problem+json"))
        problem: dict[str, Any] = answer.json
        self.assertEqual((problem["status"], problem["code"]), (status, code), problem)
        self.assertEqual(problem["type"], f"/api/problems/#{code}")
        self.assertTrue(problem["title"])
        return problem

    def key_of(self, world: World, *scopes: Scope) -> str:
        return new_key(world, *scopes)[1]
