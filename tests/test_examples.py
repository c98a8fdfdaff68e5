"""The programs in `examples/`: they run as they stand, and are what their readers are promised."""

import asyncio
import os
import re
import shutil
import sys
import unittest
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from django.test import SimpleTestCase

from chat.webhooks.models import Endpoint
from tests.admin_session import AdminSession
from tests.api_case import ApiTest
from tests.client import PATIENCE
from tests.examples import ROOT
from tests.services import free_port

HEARD = [
    "the shop hears: img",
    "the customer hears: 您的订单已发货",
    "the webhook tells: message.sent 您的订单已发货",
]
IN_PYTHON = (sys.executable, str(ROOT / "examples" / "shop.py"))
IN_JAVASCRIPT = ("node", str(ROOT / "examples" / "shop.mjs"))
without_node = unittest.skipIf(shutil.which("node") is None and "CI" not in os.environ, "node is not installed")


class ProgramTest(ApiTest):
    deployments: ClassVar = ("daphne", "grown-up")

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.port = free_port()
        staff = await AdminSession.begin(self.deployment.next_server(), self.deployment.alias)
        url = f"http://127.0.0.1:{self.port}/"
        page = "/admin/chat/endpoint/add/"
        await staff.submit(page, app=self.world.app.pk, url=url, kinds="message.sent", enabled="on", _save="Save")
        self.secret = Endpoint.objects.using(self.deployment.alias).get(app=self.world.app).secret

    @asynccontextmanager
    async def running(self, command: tuple[str, ...], secret: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """The program, run with what it needs, which ends with the block at the latest."""
        pages = self.deployment.next_server().pages
        program = await asyncio.create_subprocess_exec(
            *command,
            *(pages, self.bearer, secret, str(self.port)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        try:
            yield program
        finally:
            if program.returncode is None:
                program.kill()
            await program.wait()

    async def talks(self, command: tuple[str, ...]) -> None:
        for _ in range(2):
            async with asyncio.timeout(PATIENCE), self.running(command, self.secret) as program:
                printed, complaints = await program.communicate()
                self.assertEqual(printed.decode().splitlines(), HEARD, complaints.decode())
                self.assertEqual(program.returncode, 0)

    async def refuses(self, command: tuple[str, ...]) -> None:
        async with (
            asyncio.timeout(PATIENCE),
            self.running(command, "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldA==") as program,
        ):
            assert program.stdout is not None
            lines = [(await program.stdout.readline()).decode().strip() for _ in range(3)]
            self.assertIn("a webhook was refused: it is not signed with the secret", lines)


class TheOneInPython(ProgramTest):
    async def test_talks_as_often_as_it_is_run(self) -> None:
        await self.talks(IN_PYTHON)

    async def test_believes_no_webhook_that_is_signed_with_another_secret(self) -> None:
        await self.refuses(IN_PYTHON)


@without_node
class TheOneInJavaScript(ProgramTest):
    async def test_talks_as_often_as_it_is_run(self) -> None:
        await self.talks(IN_JAVASCRIPT)

    async def test_believes_no_webhook_that_is_signed_with_another_secret(self) -> None:
        await self.refuses(IN_JAVASCRIPT)


class EachOfThem(SimpleTestCase):
    def test_is_short_and_stands_on_public_libraries_alone(self) -> None:
        for name in ("shop.py", "shop.mjs"):
            text = (ROOT / "examples" / name).read_text()
            self.assertLess(len(text.splitlines()), 100)
            self.assertIsNone(re.search(r"^(from|import) (accounts|chat|robots|tests)\b", text, re.MULTILINE))
