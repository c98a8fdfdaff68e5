"""The server behind nginx, as `deploy/nginx/` configures it: TLS, several processes, and who the clients are."""

import asyncio
import gzip
import json
import os
import subprocess
import sys
import unittest
from typing import Any, ClassVar

from django.templatetags.static import static

from accounts.api.problems import KINDS, Code
from chat.api.uploads import REFUSED
from chat.uploads.refused import Why
from tests.case import OwnServerTest, SocketTest
from tests.nginx import Nginx, TlsClient, missing_for_nginx
from tests.pages import Page, fetch, metrics
from tests.services import ROOT
from tests.world import PASSWORD

needs_nginx = unittest.skipIf(missing_for_nginx(), f"{missing_for_nginx()} is not installed")


class NginxTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.nginx = Nginx(self.deployment.servers)
        self.addCleanup(self.nginx.stop)

    async def page(self, path: str, **options: Any) -> Page:
        return await asyncio.to_thread(self.nginx.fetch, path, **options)

    async def through_nginx(self, **options: Any) -> TlsClient:
        """A socket that has heard `connect`."""
        client = await self.enterAsyncContext(TlsClient(self.nginx, **options))
        await client.hear("connect")
        return client


@needs_nginx
class SocketsOverTls(NginxTest):
    deployments: ClassVar = ("grown-up",)

    async def signed_in_over_tls(self, account: str) -> TlsClient:
        client = await self.through_nginx()
        self.assertEqual((await client.sign_in(self.world.appid, account, PASSWORD))["code"], 0)
        return client

    async def test_are_spread_over_the_processes_and_hear_each_other(self) -> None:
        self.world.accounts("User1", "User2")
        ones = [await self.signed_in_over_tls("User1") for _ in range(2)]
        others = [await self.signed_in_over_tls("User2") for _ in range(2)]
        for server in self.deployment.servers:
            text = (await asyncio.to_thread(fetch, f"{server.pages}/metrics")).body
            self.assertGreaterEqual(metrics(text)["chat_sockets app"], 1)
        await ones[0].tell("User2", "你好啊")
        for other in others:
            heard = await other.hear("user_message", account="User1")
            self.assertEqual(heard["data"]["message"]["content"], "你好啊")
        await ones[1].hear("sync_say")

    async def test_carry_the_largest_frames_that_the_protocol_allows(self) -> None:
        self.world.accounts("User1", "User2")
        one = await self.signed_in_over_tls("User1")
        answer = await one.ask("send", account="User2", message={"type": "note", "content": "x" * 16_000})
        self.assertEqual(answer["code"], 0)


@needs_nginx
class Pages(NginxTest):
    deployments: ClassVar = ("grown-up",)

    async def test_over_http_are_sent_to_https(self) -> None:
        answer = await asyncio.to_thread(fetch, f"http://127.0.0.1:{self.nginx.http_port}/admin/")
        self.assertEqual((answer.status, answer.headers["location"]), (301, "https://127.0.0.1/admin/"))

    async def test_know_by_which_address_they_were_reached(self) -> None:
        answer = await self.page("/")
        self.assertEqual(answer.status, 200)
        self.assertIn(f"wss://localhost:{self.nginx.https_port}/ws", answer.body)

    async def test_for_watching_are_refused_from_outside(self) -> None:
        for path, status in (("/metrics", 404), ("/readyz", 404), ("/healthz", 200)):
            self.assertEqual((await self.page(path)).status, status)

    async def test_that_are_static_come_from_nginx_itself(self) -> None:
        (self.nginx.static / "known-to-nginx-alone.css").write_text("a {}")
        answer = await self.page("/static/known-to-nginx-alone.css")
        self.assertEqual((answer.status, answer.body), (200, "a {}"))
        self.assertEqual(answer.headers["cache-control"], "public, max-age=3600")
        self.assertEqual(answer.headers["x-content-type-options"], "nosniff")

    async def test_that_are_static_weigh_no_more_than_the_pages_are_said_to(self) -> None:
        script = (ROOT / "static" / "chat" / "store.js").read_bytes()
        (self.nginx.static / "script.js").write_bytes(script)
        answer = await self.page("/static/script.js", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(answer.body, script.decode())
        self.assertLess(answer.size, len(gzip.compress(script)) * 1.01)

    async def test_that_are_collected_are_complete(self) -> None:
        environment = {**os.environ, "VAR_DIR": str(self.nginx.folder)}
        command = [sys.executable, "manage.py", "collectstatic", "--noinput"]
        await asyncio.to_thread(
            subprocess.run, command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
        )
        for path in ("/static/index.css", "/static/admin/css/base.css"):
            self.assertEqual((await self.page(path)).status, 200)
        for name in ("chat/main.js", "chat/styles/base.css"):
            answer = await self.page(static(name))
            self.assertEqual(answer.body, (ROOT / "static" / name).read_text())
            self.assertEqual(answer.headers["cache-control"], "public, max-age=31536000, immutable")

    async def test_that_were_not_collected_come_from_the_server(self) -> None:
        self.assertEqual((await self.page("/static/desk/main.js")).status, 200)
        self.assertEqual((await self.page("/static/desk/no-such.js")).status, 404)

    async def test_take_tables_of_17_megabytes_and_no_more(self) -> None:
        allowed = await self.page("/admin/robots/shop/add/", method="POST", body=b"x" * 2**24)
        self.assertNotEqual(allowed.status, 413)
        refused = await self.page("/admin/robots/shop/add/", method="POST", headers={"Content-Length": str(18 * 2**20)})
        self.assertEqual(refused.status, 413)

    async def test_that_take_uploads_say_no_in_the_form_of_the_server(self) -> None:
        refused = await self.page("/api/uploads/", method="POST", headers={"Content-Length": str(65 * 2**20)})
        self.assertEqual((refused.status, json.loads(refused.body)["reason"]), (413, "file_too_large"))
        unknown = await self.page("/api/uploads/", method="POST", body=b"x" * 2**21)
        self.assertEqual((unknown.status, json.loads(unknown.body)["reason"]), (401, "key_missing"))


@needs_nginx
class TheHttpInterface(NginxTest, OwnServerTest):
    """What nginx refuses by itself has the form of what the server refuses."""

    deployments: ClassVar = ("uvicorn",)
    alone: ClassVar = True

    def problem(self, answer: Page) -> tuple[int, str, Any]:
        self.assertEqual(answer.headers["content-type"].partition(";")[0], "application/problem+json")
        told = json.loads(answer.body)
        self.assertEqual(told["status"], answer.status)
        self.assertEqual(told["title"], str(KINDS[Code(told["code"])].title))
        return answer.status, told["code"], told["type"]

    async def test_takes_no_more_than_17_megabytes_and_64_of_an_upload(self) -> None:
        answer = await self.page("/api/accounts/", method="POST", headers={"Content-Length": str(18 * 2**20)})
        self.assertEqual(self.problem(answer), (413, "too_large", "/api/problems/#too_large"))
        answer = await self.page("/api/uploads/", method="POST", headers={"Content-Length": str(65 * 2**20)})
        told = {"code": 2, "msg": REFUSED[Why.TOO_LARGE][1], "reason": "file_too_large"}
        self.assertEqual((answer.status, json.loads(answer.body)), (413, told))

    async def test_says_how_long_to_wait_where_no_process_answers(self) -> None:
        self.deployment.servers[0].stop()
        answer = await self.page("/api/accounts/")
        self.assertEqual(self.problem(answer), (503, "unavailable", "/api/problems/#unavailable"))
        self.assertEqual(answer.headers["retry-after"], "5")
        answer = await self.page("/api/uploads/", method="POST", body=b"x")
        self.assertEqual((answer.status, json.loads(answer.body)["reason"]), (503, "unavailable"))


@needs_nginx
class ClientsAddresses(NginxTest, OwnServerTest):
    """One attempt to sign in a minute, for each address: whoever shares it is told to wait."""

    deployments: ClassVar = ("daphne", "uvicorn")
    environment: ClassVar = {"HTTPS": "1", "CHAT_LIMITS": "1", "CHAT_SIGN_INS_PER_MINUTE": "1"}

    async def code(self, address: str, **options: Any) -> int:
        client = await self.through_nginx(address=address, **options)
        code: int = (await client.sign_in(self.world.appid, "User1", PASSWORD))["code"]
        return code

    async def test_are_those_of_the_clients_whatever_they_say(self) -> None:
        self.world.accounts("User1")
        self.assertEqual([await self.code(f"127.0.0.{number}") for number in (2, 3, 2, 3)], [0, 0, 2, 2])
        for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
            self.assertEqual(await self.code("127.0.0.2", headers={header: "10.0.0.7"}), 2)
