"""The OpenAPI document is what the server does: it is fresh, and Schemathesis finds no answer that breaks it.

`make contract` tries longer, and something else each time: `CONTRACT_EXAMPLES` is how many requests each operation gets
at most, and `CONTRACT_SEED` repeats a run.
"""

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from django.test import SimpleTestCase

from accounts import tokens
from accounts.api.openapi import document
from tests.api_case import ApiTest
from tests.examples import ROOT
from tests.http import Http

EXAMPLES = os.environ.get("CONTRACT_EXAMPLES", "4")
SEED = os.environ.get("CONTRACT_SEED", "1")
"""Empty for another one in each run, which is printed."""
NOT_CHECKED = "positive_data_acceptance,ensure_resource_availability"
"""Some of what no schema forbids is refused: a cursor that was never given out, a time zone that there is not. And of
many accounts some may be refused, and not be there afterwards, though the request was done."""


class TheDocument(SimpleTestCase):
    def test_is_the_one_in_docs(self) -> None:
        fresh = document() == (ROOT / "docs" / "openapi.json").read_bytes()
        self.assertTrue(fresh, "run `.venv/bin/python manage.py write_openapi`")


class TheServer(ApiTest):
    deployments: ClassVar = ("grown-up",)

    async def test_shows_the_document_and_a_page_to_try_it_with_nothing_from_elsewhere(self) -> None:
        http = Http(self.deployment.next_server())
        answer = await asyncio.to_thread(http, "GET", "/api/openapi.json")
        self.assertEqual((answer.status, answer.content), (200, document()))
        page = (await asyncio.to_thread(http, "GET", "/api/docs/")).content.decode()
        self.assertNotIn("https://", page)
        self.assertIn("/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js", page)
        for path in ("swagger-ui-bundle.js", "swagger-ui.css"):
            found = await asyncio.to_thread(http, "GET", f"/static/drf_spectacular_sidecar/swagger-ui-dist/{path}")
            self.assertEqual(found.status, 200)

    async def test_does_what_the_document_says(self) -> None:
        self.world.accounts("User1", "User2")
        self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        await self.schemathesis(self.bearer)

    async def test_does_so_for_a_shops_people(self) -> None:
        shop = self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        token = tokens.issue(shop.account, timedelta(minutes=10))
        await self.schemathesis(token, "--include-path-regex", "^/api/(me|uploads)/")

    async def schemathesis(self, bearer: str, *options: str) -> None:
        """Run it with the app's key or somebody's token; whatever it finds fails the test."""
        server = self.deployment.next_server()
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{server.pages}/api/openapi.json"]
        command += ["--header", f"Authorization: Bearer {bearer}", *options]
        command += ["--checks", "all", "--exclude-checks", NOT_CHECKED]
        command += ["--max-examples", EXAMPLES, "--request-timeout", "30", "--no-color", "--continue-on-failure"]
        command += ["--seed", SEED] if SEED else []
        program = await asyncio.create_subprocess_exec(
            *command,
            cwd=server.environment["VAR_DIR"],
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await program.communicate()
        self.assertEqual(program.returncode, 0, said.decode())
