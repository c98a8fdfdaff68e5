"""The rules of RFC 6455, on servers as they are started here; the results stand in docs/conformance.md."""

from collections import Counter
from typing import ClassVar

from tests import conformance
from tests.case import SocketTest
from tests.services import ROOT
from tests.wire import upgrade

PAGE = (ROOT / "docs" / "conformance.md").read_text()
HEADERS = ("Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version")


class EveryCase(SocketTest):
    deployments: ClassVar = ("daphne", "uvicorn")

    async def test_has_the_result_that_the_page_tells(self) -> None:
        groups: dict[str, Counter[str]] = {}
        differing = []
        for case in conformance.every():
            grade, heard = await case.grade(self.deployment.servers[0].url)
            groups.setdefault(case.number.partition(".")[0], Counter())[grade] += 1
            if grade != "strict":
                differing.append([self.deployment_name, case.number, case.about, case.strict, heard, grade])
        counted = [
            [self.deployment_name, group, *(str(grades[grade]) for grade in ("strict", "lenient", "wrong"))]
            for group, grades in groups.items()
        ]
        self.assertEqual(self.rows("## Results"), counted)
        self.assertEqual(self.rows("## What is not strict"), differing)

    async def test_of_invalid_text_leaves_no_traceback_in_the_log(self) -> None:
        server = self.deployment.servers[0]
        before = len(server.program.lines)
        for case in conformance.every():
            if case.number.startswith("6.4."):
                await case.grade(server.url)
        self.assertNotIn("Traceback", "".join(list(server.program.lines)[before:]))

    def rows(self, title: str) -> list[list[str]]:
        """The table under a title, as far as it is about this server."""
        section = PAGE.partition(title)[2].partition("\n## ")[0]
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines()]
        return [row for row in rows if row[0] == self.deployment_name]


class Handshakes(SocketTest):
    deployments: ClassVar = ("daphne", "uvicorn")

    async def test_without_what_they_need_are_refused(self) -> None:
        for header in HEADERS:
            with self.subTest(header):
                status, _ = await upgrade(self.deployment.servers[0].url, leave_out=header)
                self.assertGreaterEqual(status, 400)

    async def test_that_offer_compression_go_without(self) -> None:
        more = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
        status, headers = await upgrade(self.deployment.servers[0].url, more=more)
        self.assertEqual(status, 101)
        self.assertNotIn("sec-websocket-extensions", headers.lower())
