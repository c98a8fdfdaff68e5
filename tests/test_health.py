"""Health: `/healthz` says that a process lives, `/readyz` that it is of use."""

import asyncio
import json
import shutil
import unittest
from typing import Any, ClassVar

from tests.case import OwnServerTest, SocketTest
from tests.deployments import ENVIRONMENT, missing_for_grown_up
from tests.pages import Page, fetch
from tests.services import ChatServer, Postgres, RedisServer, temporary_folder


class HealthTest(SocketTest):
    async def page(self, path: str, **options: Any) -> Page:
        """Asked from a thread, since the servers may need this process's attention meanwhile."""
        return await asyncio.to_thread(fetch, self.deployment.servers[0].pages + path, **options)


class AServerThatHasAll(HealthTest):
    async def test_lives_and_is_ready(self) -> None:
        for path, status in (("/healthz", "alive"), ("/readyz", "ready")):
            page = await self.page(path)
            self.assertEqual((page.status, json.loads(page.body)), (200, {"status": status}))

    async def test_says_so_anew_each_time(self) -> None:
        for path in ("/healthz", "/readyz"):
            self.assertEqual((await self.page(path)).headers["cache-control"], "no-store")

    async def test_sets_no_cookie(self) -> None:
        for path in ("/healthz", "/readyz"):
            self.assertNotIn("set-cookie", (await self.page(path)).headers)

    async def test_answers_head_without_a_body(self) -> None:
        page = await self.page("/healthz", method="HEAD")
        self.assertEqual((page.status, page.body), (200, ""))

    async def test_takes_nothing_but_questions(self) -> None:
        self.assertEqual((await self.page("/healthz", method="POST")).status, 405)


class InProduction(OwnServerTest):
    """Probes come by address, not by name, and without TLS."""

    deployments: ClassVar = ("daphne", "uvicorn")
    environment: ClassVar = {
        "DEBUG": "0",
        "SECRET_KEY": "a-secret",
        "ALLOWED_HOSTS": "chat.example",
        "HTTPS": "1",
        "LOG_LEVEL": "INFO",
    }

    async def test_host_and_scheme_do_not_matter(self) -> None:
        server = self.deployment.servers[0]
        for path in ("/healthz", "/readyz"):
            page = await asyncio.to_thread(fetch, server.pages + path, headers={"Host": "10.0.0.7:8001"})
            self.assertEqual(page.status, 200)

    async def test_probes_do_not_fill_the_log(self) -> None:
        server = self.deployment.servers[0]
        for path in ("/healthz", "/readyz", "/metrics", "/no-such-page"):
            await asyncio.to_thread(fetch, server.pages + path, headers={"Host": "chat.example"})
        server.stop()
        log = "".join(server.program.lines)
        self.assertEqual([path for path in ("/healthz", "/readyz", "/metrics") if path in log], [])


class WithoutTables(unittest.TestCase):
    def setUp(self) -> None:
        folder = temporary_folder("health")
        self.addCleanup(shutil.rmtree, folder)
        self.server = ChatServer(
            "uvicorn", {**ENVIRONMENT, "VAR_DIR": str(folder), "DATABASE_URL": "", "REDIS_URL": ""}
        )
        self.addCleanup(self.server.stop)

    def test_a_server_lives_and_is_not_ready(self) -> None:
        self.assertEqual(fetch(f"{self.server.pages}/healthz").status, 200)
        page = fetch(f"{self.server.pages}/readyz")
        self.assertEqual(
            (page.status, json.loads(page.body)), (503, {"status": "not ready", "missing": ["migrations"]})
        )


@unittest.skipIf(missing_for_grown_up(), f"{missing_for_grown_up()} is not installed")
class WithoutDatabaseAndRedis(unittest.TestCase):
    def setUp(self) -> None:
        folder = temporary_folder("health")
        self.addCleanup(shutil.rmtree, folder)
        self.postgres, self.redis = Postgres(), RedisServer()
        self.addCleanup(self.postgres.stop)
        self.addCleanup(self.redis.stop)
        places = {"DATABASE_URL": self.postgres.url("postgres"), "REDIS_URL": self.redis.url}
        self.server = ChatServer("uvicorn", {**ENVIRONMENT, "VAR_DIR": str(folder), **places})
        self.addCleanup(self.server.stop)

    def missing(self) -> list[str]:
        page = fetch(f"{self.server.pages}/readyz")
        missing: list[str] = json.loads(page.body).get("missing", [])
        self.assertEqual(page.status, 503 if missing else 200)
        return missing

    def test_a_server_lives_and_names_what_is_missing(self) -> None:
        self.assertEqual(self.missing(), ["migrations"])
        self.redis.stop()
        self.assertEqual(self.missing(), ["migrations", "redis"])
        self.postgres.stop()
        self.assertEqual(self.missing(), ["database", "migrations", "redis"])
        self.assertEqual(fetch(f"{self.server.pages}/healthz").status, 200)

    def test_redis_that_has_come_back_is_found(self) -> None:
        self.redis.stop()
        self.assertIn("redis", self.missing())
        self.redis.start_again()
        self.assertNotIn("redis", self.missing())
