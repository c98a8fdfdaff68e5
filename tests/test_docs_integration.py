"""The page for those who connect a shop platform: its requests are made, and answered as it says."""

import asyncio
from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec
from django.test import SimpleTestCase

from tests.api_case import ApiTest
from tests.client import PATIENCE, a_moment
from tests.examples import ROOT, Block, blocks
from tests.http import Answer, Http

PAGES = ("docs/integration.md", "docs/integration.zh-CN.md")
CHANGING = {"id", "message_id", "created_at", "told_at", "reached", "expires_at", "token", "next"}


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
        http = Http(self.deployment.next_server(), self.bearer, {"Accept-Language": "en"})
        sent = body.strip().encode() or None
        answer = await asyncio.to_thread(http, method, address, sent)
        if answer.status == 202:
            async with asyncio.timeout(PATIENCE):
                while (await self.done("GET", "notifications", answer.json["id"]))["told_at"] is None:
                    await a_moment()
        return answer
