"""Redis in all the places that `REDIS_URL` can name: over TLS, and behind sentinels that change the master."""

import asyncio
import unittest
from typing import Any

from chat.layers.addresses import pool_options
from chat.layers.redis import RedisChannelLayer
from tests.redis_services import GuardedRedis, TlsRedis
from tests.services import redis_binary
from tests.test_layers import PATIENCE, received


class TheAddress(unittest.TestCase):
    def test_of_one_redis_is_taken_as_it_is(self) -> None:
        for url in (
            "redis://host/0",
            "rediss://:secret@host:6380/1?ssl_ca_certs=/ca.pem",
            "unix:///run/redis.sock?db=1",
        ):
            self.assertEqual(pool_options(url), {"address": url})

    def test_of_sentinels_names_them_the_master_and_the_database(self) -> None:
        options = pool_options("redis+sentinel://one,two:5000,[::1]/main/3")
        self.assertEqual(options["sentinels"], [("one", 26379), ("two", 5000), ("::1", 26379)])
        self.assertEqual((options["master_name"], options["db"]), ("main", 3))

    def test_of_sentinels_holds_the_redis_passwords_and_theirs(self) -> None:
        options = pool_options("redis+sentinel://user:p%40ss@one/main?sentinel_password=other")
        self.assertEqual((options["username"], options["password"]), ("user", "p@ss"))
        self.assertEqual(options["sentinel_kwargs"], {"password": "other"})

    def test_of_sentinels_with_tls_uses_it_for_both(self) -> None:
        options = pool_options("rediss+sentinel://one/main?ssl_ca_certs=/ca.pem")
        tls = {"ssl": True, "ssl_ca_certs": "/ca.pem"}
        self.assertEqual({**options, **tls}, options)
        self.assertEqual(options["sentinel_kwargs"], tls)

    def test_that_is_none_is_refused(self) -> None:
        for url in (
            "redis+sentinel://one",
            "redis+sentinel:///main",
            "redis+sentinel://one/main/x",
            "http://one",
            "one",
        ):
            with self.subTest(url), self.assertRaises(ValueError):
                pool_options(url)


class LayersTest(unittest.IsolatedAsyncioTestCase):
    def layer(self, url: str) -> RedisChannelLayer:
        layer = RedisChannelLayer(url)
        self.addAsyncCleanup(layer.flush)
        return layer

    async def heard(self, sender: RedisChannelLayer, receiver: RedisChannelLayer, number: int) -> dict[str, Any]:
        """What a channel of one process receives of a group that another sends to."""
        channel = await receiver.new_channel()
        group = f"group{number}"
        await receiver.group_add(group, channel)
        await sender.group_send(group, {"type": "note", "number": number})
        return await received(receiver, channel)


@unittest.skipIf(redis_binary() is None, "redis-server is not installed")
class OverTls(LayersTest):
    def setUp(self) -> None:
        self.redis = TlsRedis()
        self.addCleanup(self.redis.stop)

    async def test_processes_hear_each_other(self) -> None:
        one, other = self.layer(self.redis.url), self.layer(self.redis.url)
        self.assertEqual(await self.heard(one, other, 1), {"type": "note", "number": 1})
        self.assertTrue(await one.connected())

    async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(self) -> None:
        self.assertFalse(await self.layer(f"rediss://localhost:{self.redis.port}/0").connected())


@unittest.skipIf(redis_binary() is None, "redis-server is not installed")
class BehindSentinels(LayersTest):
    def setUp(self) -> None:
        self.redis = GuardedRedis()
        self.addCleanup(self.redis.stop)

    async def test_processes_hear_each_other(self) -> None:
        one, other = self.layer(self.redis.url), self.layer(self.redis.url)
        self.assertEqual(await self.heard(one, other, 1), {"type": "note", "number": 1})
        self.assertTrue(await one.connected())

    async def test_they_follow_to_the_new_master(self) -> None:
        one, other = self.layer(self.redis.url), self.layer(self.redis.url)
        channel = await other.new_channel()
        await other.group_add("group", channel)
        self.redis.master.process.kill()
        async with asyncio.timeout(PATIENCE * 3):
            heard: dict[str, Any] = {}
            while not heard:
                # What is published before both have found the new master is lost, as with any Redis that was away.
                await one.group_send("group", {"type": "note"})
                waiting = asyncio.ensure_future(other.receive(channel))
                done, _ = await asyncio.wait([waiting], timeout=0.2)
                heard = waiting.result() if done else {}
                waiting.cancel()
        self.assertEqual(heard, {"type": "note"})
        self.assertEqual(self.redis.master_now(), self.redis.replica_port)
