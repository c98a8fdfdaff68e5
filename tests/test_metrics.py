"""Metrics: what `/metrics` says after known traffic, and who may read it."""

import asyncio
import unittest
from collections.abc import Callable
from typing import Any, ClassVar

from accounts.refusals import Reason
from chatproject.watching import page
from tests.case import OwnServerTest, SocketTest, text
from tests.client import PATIENCE, Client, a_moment
from tests.pages import Metrics, fetch, metrics
from tests.services import RedisServer, redis_binary
from tests.test_limits import SlowClient

GAUGES = ("chat_sockets ", "chat_outbox", "chat_redis", "chat_tasks", "process_")


class MetricsTest(SocketTest):
    """Counters are read as what they grew by since the test began, on servers that others have used before."""

    deployments: ClassVar[tuple[str, ...]] = ("daphne", "uvicorn")

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self._before: Metrics = {}
        names = ("none", "app", "wechat", "alipay", "pc")
        self._before = await self.until(lambda now: not any(now[f"chat_sockets {name}"] for name in names))

    async def scrape(self) -> Metrics:
        answer = await asyncio.to_thread(fetch, f"{self.deployment.servers[0].pages}/metrics")
        self.assertEqual(answer.status, 200)
        now = metrics(answer.body)
        return {name: now[name] - (0 if name.startswith(GAUGES) else self._before.get(name, 0)) for name in now}

    async def until(self, holds: Callable[[Metrics], bool]) -> Metrics:
        """Scrape until it holds, for what the server does on its own after the client has seen the last of it."""
        async with asyncio.timeout(PATIENCE):
            while not holds(now := await self.scrape()):
                await a_moment()
        return now

    async def pair(self) -> tuple[Client, Client]:
        self.world.accounts("User1", "User2")
        return await self.signed_in("User1"), await self.signed_in("User2")


class Sockets(MetricsTest):
    async def test_are_counted_by_source(self) -> None:
        self.world.accounts("User1", "User2")
        await self.connect()
        await self.signed_in("User1", source=2)
        await self.signed_in("User1", source=4)
        await self.signed_in("User2", source=4)
        now = await self.scrape()
        numbers = {name: now[f"chat_sockets {name}"] for name in ("none", "app", "wechat", "alipay", "pc")}
        self.assertEqual(numbers, {"none": 1, "app": 0, "wechat": 1, "alipay": 0, "pc": 2})

    async def test_that_hung_up_are_counted_by_close_code(self) -> None:
        for code in (1000, 1001, 3999):
            client = await self.connect()
            await client.socket.close(code)
        now = await self.until(lambda now: now["chat_sockets none"] == 0)
        numbers = [now[f"chat_sockets_closed_total {code}"] for code in ("1000", "1001", "other")]
        self.assertEqual(numbers, [1, 1, 1])


class Tasks(MetricsTest):
    async def test_end_with_the_sockets_that_they_serve(self) -> None:
        before = (await self.scrape())["chat_tasks"]
        clients = [await self.connect() for _ in range(20)]
        self.assertGreaterEqual((await self.scrape())["chat_tasks"], before + len(clients))
        for client in clients:
            client.socket.transport.abort()
        # A chore may have begun meanwhile.
        await self.until(lambda now: now["chat_tasks"] < before + len(clients) / 2)


class SocketsThatTheServerCloses(MetricsTest, OwnServerTest):
    environment: ClassVar = {"CHAT_SIGN_IN_SECONDS": "1"}

    async def test_are_counted_by_the_servers_code(self) -> None:
        client = await self.connect()
        self.assertEqual(await client.closed(), 4401)
        await self.until(lambda now: now["chat_sockets_closed_total 4401"] == 1)


class Frames(MetricsTest):
    async def test_are_counted_by_query(self) -> None:
        one, _ = await self.pair()
        await one.say("ping")
        await one.next()
        for _ in range(3):
            await one.ask("users")
        await one.tell("User2", "在吗")
        await one.say("no JSON")
        await one.next()
        now = await self.scrape()
        numbers = {query: now[f"chat_frames_total {query}"] for query in ("login", "ping", "users", "send", "error")}
        self.assertEqual(numbers, {"login": 2, "ping": 1, "users": 3, "send": 1, "error": 1})

    async def test_that_are_refused_are_counted_by_reason(self) -> None:
        one, _ = await self.pair()
        await one.say("no JSON")
        await one.next()
        await one.ask("users", limit=101)
        await one.tell("Nobody", "在吗")
        await one.tell("Nobody", "在吗")
        now = await self.scrape()
        numbers = {reason.value: now[f"chat_refusals_total {reason.value}"] for reason in Reason}
        expected = {"invalid_json": 1, "invalid_field": 1, "unknown_account": 2}
        self.assertEqual({reason: number for reason, number in numbers.items() if number}, expected)


class Messages(MetricsTest):
    async def test_are_counted_once_they_are_stored(self) -> None:
        one, _ = await self.pair()
        await one.tell_all("User2", map(str, range(30)))
        await one.ask("send", account="User2", message=text("一次"), client_id="a")
        await one.ask("send", account="User2", message=text("一次"), client_id="a")
        now = await self.until(lambda now: now["chat_delivery_seconds_count"] >= 32)
        self.assertEqual(now["chat_messages_stored_total"], 31)

    async def test_share_transactions_and_each_is_timed(self) -> None:
        one, _ = await self.pair()
        await one.tell_all("User2", map(str, range(30)))
        # The server also writes when accounts were last seen, those of earlier tests as well.
        now = await self.until(lambda now: 30 <= now["chat_delivery_seconds_count"] == now["chat_batch_writes_sum"])
        self.assertEqual(now["chat_commit_seconds_count"], now["chat_batch_writes_count"])
        self.assertGreater(now["chat_commit_seconds_sum"], 0)
        # A commit is a part of every delivery that it carries.
        self.assertGreater(now["chat_delivery_seconds_sum"], now["chat_commit_seconds_sum"])


class FramesThatWait(MetricsTest, OwnServerTest):
    # The system's buffers hold more of what daphne sends than a test should.
    deployments: ClassVar = ("uvicorn",)
    environment: ClassVar = {"CHAT_OUTBOX_FRAMES": "0"}

    async def test_for_a_slow_client_are_seen(self) -> None:
        self.world.accounts("User1", "User2", "User3")
        slow = await self.enterAsyncContext(SlowClient(self.deployment.next_server().url))
        await slow.sign_in(self.world.appid, "User2", "123456")
        one = await self.signed_in("User1")
        now: Metrics = {"chat_outbox_frames_largest": 0}
        for _ in range(15):
            asked = [await one.request("send", account="User2", message=text("长" * 5000)) for _ in range(50)]
            for seq in asked:
                await one.answer(seq)
            now = await self.scrape()
            if now["chat_outbox_frames_largest"]:
                break
        self.assertGreater(now["chat_outbox_frames_largest"], 0)
        self.assertEqual(now["chat_outbox_frames"], now["chat_outbox_frames_largest"])


@unittest.skipIf(redis_binary() is None, "redis-server is not installed")
class RedisOutOfReach(MetricsTest, OwnServerTest):
    deployments: ClassVar = ("uvicorn",)

    async def asyncSetUp(self) -> None:
        self.redis = RedisServer()
        self.addCleanup(self.redis.stop)
        self.environment = {"REDIS_URL": self.redis.url}  # type: ignore[misc]
        await super().asyncSetUp()

    async def test_shows_and_so_does_its_return(self) -> None:
        one, _ = await self.pair()
        self.assertEqual((await self.scrape())["chat_redis_out_of_reach"], 0)
        self.redis.stop()
        await self.until(lambda now: now["chat_redis_out_of_reach"] == 1)
        await one.tell("User2", "在吗")
        await self.until(lambda now: now["chat_events_lost_total"] > 0)
        self.redis.start_again()
        await self.until(lambda now: now["chat_redis_out_of_reach"] == 0)


class TheProcess(MetricsTest):
    async def test_tells_of_its_memory_and_files(self) -> None:
        now = await self.scrape()
        for name in ("process_resident_memory_bytes", "process_open_fds", "process_cpu_seconds_total"):
            self.assertGreater(now[name], 0)


class WithoutAToken(OwnServerTest):
    deployments: ClassVar = ("daphne", "uvicorn")

    async def test_nobody_reads_them_through_a_proxy(self) -> None:
        url = f"{self.deployment.servers[0].pages}/metrics"
        for header in ("X-Forwarded-For", "Forwarded"):
            answer = await asyncio.to_thread(fetch, url, headers={header: "for=10.0.0.7"})
            self.assertEqual((answer.status, "chat_" in answer.body), (403, False))

    async def test_only_this_machine_reads_them(self) -> None:
        scope: dict[str, Any] = {"type": "http", "method": "GET", "headers": []}
        for address, status in (("127.0.0.1", 200), ("::1", 200), ("10.0.0.7", 403), ("2001:db8::7", 403)):
            self.assertEqual((await page({**scope, "client": (address, 5000)})).status, status)
        self.assertEqual((await page({**scope, "client": None})).status, 403)


class WithAToken(OwnServerTest):
    deployments: ClassVar = ("daphne", "uvicorn")
    environment: ClassVar = {"METRICS_TOKEN": "s3cret"}

    async def test_whoever_brings_it_reads_them_from_anywhere(self) -> None:
        headers = {"Authorization": "Bearer s3cret", "X-Forwarded-For": "10.0.0.7"}
        answer = await asyncio.to_thread(fetch, f"{self.deployment.servers[0].pages}/metrics", headers=headers)
        self.assertEqual(answer.status, 200)
        self.assertIn("chat_sockets none", metrics(answer.body))

    async def test_nobody_else_does(self) -> None:
        for headers in (
            {},
            {"Authorization": "Bearer wrong"},
            {"Authorization": "s3cret"},
            {"Authorization": "Bearer "},
        ):
            answer = await asyncio.to_thread(fetch, f"{self.deployment.servers[0].pages}/metrics", headers=headers)
            self.assertEqual((answer.status, answer.headers["www-authenticate"]), (401, "Bearer"))
