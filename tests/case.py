"""What the tests are made of that talk to a running server."""

import asyncio
import itertools
import unittest
from typing import ClassVar, Self

from tests import deployments
from tests.client import Client, Heard
from tests.deployments import Deployment
from tests.services import ChatServer
from tests.world import PASSWORD, World


def text(content: str) -> dict[str, str]:
    """A text as a message body."""
    return {"type": "txt", "content": content}


class SocketTest(unittest.IsolatedAsyncioTestCase):
    """Runs on every deployment, each test in an app of its own."""

    deployments: ClassVar[tuple[str, ...]] = ()
    """The deployments on which it makes sense; all if empty."""
    deployment_name = "daphne"
    why_skipped = ""
    world: World

    def on(self, deployment: str) -> Self:
        """The same test for one deployment."""
        test = type(self)(self._testMethodName)
        test.deployment_name = deployment
        return test

    def __str__(self) -> str:
        return f"{super().__str__()} [{self.deployment_name}]"

    @property
    def deployment(self) -> Deployment:
        return deployments.running(self.deployment_name)

    async def asyncSetUp(self) -> None:
        if self.why_skipped:
            self.skipTest(self.why_skipped)
        # unittest turns asyncio's debug mode on, which looks up the source lines of every callback: a tenth of the run.
        asyncio.get_running_loop().set_debug(False)
        self.world = World(self.deployment.alias)
        self._markers = itertools.count(1)

    async def connect(self, server: ChatServer | None = None) -> Client:
        """A socket that has heard `connect` and is not signed in."""
        client = await self.enterAsyncContext(Client((server or self.deployment.next_server()).url))
        self.assertEqual(await client.hear("connect"), {"code": 0, "msg": "连接成功", "query": "connect"})
        return client

    async def signed_in(self, account: str, server: ChatServer | None = None, source: int = 1) -> Client:
        """A socket of that account."""
        client = await self.connect(server)
        answer = await client.sign_in(self.world.appid, account, PASSWORD, source)
        self.assertEqual(answer, {"code": 0, "msg": "登录成功", "query": "login"})
        return client

    async def silence(self, client: Client, account: str) -> list[Heard]:
        """Everything the socket of `account` was sent so far, once nothing more can be on its way to it.

        On each server a new account goes into the room with this one: what that server said before arrives before its
        `sync_chat`.
        """
        for server in self.deployment.servers:
            name = f"marker{next(self._markers)}"
            self.world.account(name)
            marker = await self.signed_in(name, server)
            await marker.ask("enter_chats", account=account)
            await client.hear("sync_chat", chat_account=name)
        return [
            frame
            for frame in await client.pending()
            if not (frame["query"] == "sync_chat" and frame["data"]["chat_account"].startswith("marker"))
        ]

    def assert_refused(self, frame: Heard, reason: str, query: str) -> None:
        """The frame is an error with this reason, for that query, in words for people."""
        self.assertEqual((frame["code"], frame["query"], frame.get("reason")), (2, query, reason))
        self.assertTrue(frame["msg"])


class OwnServerTest(SocketTest):
    """Runs on a server of its own: for settings which the shared servers do not have, and for ends."""

    deployments: ClassVar[tuple[str, ...]] = ("uvicorn",)
    environment: ClassVar[dict[str, str]] = {}
    """Settings besides those of the shared servers."""
    alone: ClassVar[bool] = False
    """Each test has its own server, since it ends it; else tests in a row with the same settings share one."""

    @property
    def deployment(self) -> Deployment:
        return self._own

    async def asyncSetUp(self) -> None:
        if self.alone:
            self._own = deployments.own(self.deployment_name, on=None, **self.environment)
            self.addCleanup(self._own.stop)
        else:
            self._own = deployments.kept(self.deployment_name, **self.environment)
        await super().asyncSetUp()
