"""What the HTTP interface answers where it fails itself, and what of that stands in the log."""

import asyncio
import uuid
from typing import ClassVar

from accounts import tokens
from tests.api_case import ApiTest
from tests.case import OwnServerTest, text
from tests.client import PATIENCE, a_moment
from tests.http import Answer, Http, path
from tests.refused_rows import refused_rows
from tests.services import ChatServer
from tests.upload_case import jpeg

MEMBERS = {"type", "title", "status", "code"}
"""Of a problem that tells nothing beyond its code."""


async def logged(address: str, *servers: ChatServer) -> str:
    """What the server that failed at the address has written, to the line that names it."""
    end = f"Internal Server Error: {address}"
    async with asyncio.timeout(PATIENCE):
        while True:
            for server in servers:
                before, said, _ = "".join(list(server.program.lines)).partition(end)
                if said:
                    return before
            await a_moment()


class AFailure(ApiTest):
    """The database refuses what is to be stored."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.secret = f"canary-{uuid.uuid4().hex}"

    async def account_fails(self) -> tuple[Answer, str]:
        """The answer to somebody who wants an account, and its address."""
        name = uuid.uuid4().hex
        with refused_rows(self.deployment.alias, "accounts_account", "nickname", self.secret):
            wanted = {"nickname": self.secret, "password": f"{self.secret}-password"}
            return await self.api("PUT", "accounts", name, data=wanted), path("accounts", name)

    async def test_is_a_problem_and_says_nothing_of_itself(self) -> None:
        answer, _ = await self.account_fails()
        self.assertEqual(set(self.assert_problem(answer, 500, "internal_error")), MEMBERS)

    async def test_is_logged_with_where_it_happened(self) -> None:
        _, address = await self.account_fails()
        _, told, traceback = (await logged(address, *self.deployment.servers)).rpartition("a request failed")
        self.assertTrue(told)
        for part in ("Traceback", "IntegrityError", "in provision"):
            self.assertIn(part, traceback)

    async def test_is_logged_without_the_row_or_the_key(self) -> None:
        _, address = await self.account_fails()
        said = await logged(address, *self.deployment.servers)
        self.assertNotIn(self.secret, said)
        self.assertNotIn(self.bearer, said)

    async def test_of_a_message_is_the_same_and_logged_without_its_text(self) -> None:
        self.world.shop("dev17", 17, {})
        self.world.accounts("User1")
        with refused_rows(self.deployment.alias, "chat_message", "body", self.secret):
            data = {"account": "User1", "message": text(self.secret)}
            answer = await self.api("POST", "shops", 17, "messages", data=data)
        self.assertEqual(set(self.assert_problem(answer, 500, "internal_error")), MEMBERS)
        self.assertNotIn(self.secret, await logged(path("shops", 17, "messages"), *self.deployment.servers))


class AnUploadThatFails(OwnServerTest):
    """There is a file where the folder of uploads should be."""

    deployments: ClassVar = ("daphne", "uvicorn")
    alone = True

    async def test_is_refused_as_uploads_are_and_logged(self) -> None:
        (self.deployment.folder / "media").touch()
        self.world.accounts("User1")
        server, token = self.deployment.next_server(), tokens.issue(self.world.get("User1"))
        answer = await asyncio.to_thread(Http(server, token).upload, "image", jpeg((4, 4)), "holiday.jpg")
        told = {"code": 2, "msg": "上传失败，请稍后再试", "reason": "internal_error"}
        self.assertEqual((answer.status, answer.json), (500, told))
        said = await logged("/api/uploads/", server)
        self.assertIn("Traceback", said)
        self.assertNotIn(token, said)
