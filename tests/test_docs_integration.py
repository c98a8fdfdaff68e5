"""The page for those who connect a shop platform: its requests are made, and the programs in `examples/` are run."""

import asyncio
import os
import re
import shutil
import sys
import unittest
from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec
from django.test import SimpleTestCase

from tests.api_case import ApiTest
from tests.client import PATIENCE
from tests.examples import ROOT, Block, blocks
from tests.http import Answer, Http

PAGES = ("docs/integration.md", "docs/integration.zh-CN.md")
CHANGING = {"id", "message_id", "created_at", "told_at", "reached", "expires_at", "token", "next"}
HEARD = ["the shop hears: img", "the customer hears: 您的订单已发货"]


def differences(written: Any, heard: Any, name: str = "") -> Iterator[str]:
    """Where an answer is another one than is written; what is never the same is of the same type or null."""
    if isinstance(written, dict) and isinstance(heard, dict):
        if written.keys() != heard.keys():
            yield f"{name}: {sorted(written)} is written, {sorted(heard)} was answered"
            return
        for key, value in written.items():
            yield from differences(value, heard[key], key)
    elif isinstance(written, list) and isinstance(heard, list) and len(written) == len(heard):
        for one, other in zip(written, heard, strict=True):
            yield from differences(one, other, name)
    elif name in CHANGING or written == "…":
        if type(written) is not type(heard) and written is not None and heard is not None:
            yield f"{name}: {written!r} is written, {heard!r} was answered"
    elif written != heard:
        yield f"{name}: {written!r} is written, {heard!r} was answered"


class TheTwoPages(SimpleTestCase):
    def test_show_the_same_requests_and_answers(self) -> None:
        one, other = ([block[:2] for block in blocks(ROOT / page)] for page in PAGES)
        self.assertEqual(one, other)


class TheRequests(ApiTest):
    deployments: ClassVar = ("daphne", "grown-up")

    async def test_are_answered_as_the_page_says(self) -> None:
        answer: Answer | None = None
        for block in blocks(ROOT / PAGES[0]):
            with self.subTest(line=block.line):
                if block.words[:1] == ["http"]:
                    answer = await self.request(block)
                    self.assertEqual(answer.status, int(block.words[1]), answer.content)
                elif block.words == ["json"]:
                    assert answer is not None
                    self.assertEqual(list(differences(msgspec.json.decode(block.text), answer.json)), [])

    async def request(self, block: Block) -> Answer:
        line, _, body = block.text.partition("\n")
        method, address = line.split()
        http = Http(self.deployment.next_server(), self.bearer)
        sent = body.strip().encode() or None
        answer = await asyncio.to_thread(http, method, address, sent)
        if answer.status == 202:
            async with asyncio.timeout(PATIENCE):
                while (await self.done("GET", "notifications", answer.json["id"]))["told_at"] is None:
                    pass
        return answer


class TheExamples(ApiTest):
    deployments: ClassVar = ("daphne", "grown-up")

    async def said(self, *command: str) -> list[str]:
        """What the program prints when it is run with an address and a key."""
        server = self.deployment.next_server()
        program = await asyncio.create_subprocess_exec(
            *command, server.pages, self.bearer, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        printed, _ = await asyncio.wait_for(program.communicate(), PATIENCE)
        self.assertEqual(program.returncode, 0, printed.decode())
        return printed.decode().splitlines()

    async def test_in_python_talks_as_often_as_it_is_run(self) -> None:
        for _ in range(2):
            self.assertEqual(await self.said(sys.executable, str(ROOT / "examples" / "shop.py")), HEARD)

    @unittest.skipIf(shutil.which("node") is None and "CI" not in os.environ, "node is not installed")
    async def test_in_javascript_talks_as_often_as_it_is_run(self) -> None:
        for _ in range(2):
            self.assertEqual(await self.said("node", str(ROOT / "examples" / "shop.mjs")), HEARD)


class EachExample(SimpleTestCase):
    def test_is_short_and_stands_on_public_libraries_alone(self) -> None:
        for name in ("shop.py", "shop.mjs"):
            text = (ROOT / "examples" / name).read_text()
            self.assertLess(len(text.splitlines()), 100)
            self.assertIsNone(re.search(r"^(from|import) (accounts|chat|robots|tests)\b", text, re.MULTILINE))
