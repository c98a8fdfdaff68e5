"""Both channel layers keep one contract: Channels' own interface, and the two calls that the chat adds to it."""

import asyncio
import os
import unittest
from typing import Any

from channels.exceptions import ChannelFull

from chat.layers.local import LocalChannelLayer
from chat.layers.redis import RedisChannelLayer
from tests.services import RedisServer, redis_binary

PATIENCE = 10.0


async def received(layer: LocalChannelLayer, channel: str) -> dict[str, Any]:
    message: dict[str, Any] = await asyncio.wait_for(layer.receive(channel), PATIENCE)
    return message


class Every:
    """What holds for every layer, kept from the test loader, which would run it without one."""

    class Layer(unittest.IsolatedAsyncioTestCase):
        """`LocalLayer` and `RedisLayer` below are its two cases."""

        def layer(self, **options: Any) -> LocalChannelLayer:
            raise NotImplementedError

        async def test_a_channel_receives_what_is_sent_to_it_in_order(self) -> None:
            layer = self.layer()
            channel = await layer.new_channel()
            for number in range(3):
                await layer.send(channel, {"type": "note", "number": number})
            self.assertEqual([(await received(layer, channel))["number"] for _ in range(3)], [0, 1, 2])

        async def test_two_channels_never_have_one_name(self) -> None:
            layer = self.layer()
            self.assertNotEqual(await layer.new_channel(), await layer.new_channel())

        async def test_receive_waits_for_a_message(self) -> None:
            layer = self.layer()
            channel = await layer.new_channel()
            waiting = asyncio.create_task(layer.receive(channel))
            await asyncio.sleep(0)
            self.assertFalse(waiting.done())
            await layer.send(channel, {"type": "note"})
            self.assertEqual(await asyncio.wait_for(waiting, PATIENCE), {"type": "note"})

        async def test_a_receiver_that_gives_up_takes_nothing(self) -> None:
            layer = self.layer()
            channel = await layer.new_channel()
            waiting = asyncio.create_task(layer.receive(channel))
            await asyncio.sleep(0)
            waiting.cancel()
            await layer.send(channel, {"type": "note"})
            self.assertEqual(await received(layer, channel), {"type": "note"})

        async def test_every_channel_of_a_group_receives_what_the_group_is_sent(self) -> None:
            layer = self.layer()
            channels = [await layer.new_channel() for _ in range(3)]
            for channel in channels:
                await layer.group_add("account.1", channel)
            await layer.group_send("account.1", {"type": "note"})
            for channel in channels:
                self.assertEqual(await received(layer, channel), {"type": "note"})

        async def test_a_channel_added_twice_receives_once(self) -> None:
            layer = self.layer()
            channel = await layer.new_channel()
            await layer.group_add("account.1", channel)
            await layer.group_add("account.1", channel)
            await layer.group_send("account.1", {"type": "first"})
            await layer.send(channel, {"type": "second"})
            self.assertEqual([(await received(layer, channel))["type"] for _ in range(2)], ["first", "second"])

        async def test_a_discarded_channel_receives_nothing_more_from_the_group(self) -> None:
            layer = self.layer()
            channel = await layer.new_channel()
            await layer.group_add("account.1", channel)
            await layer.group_discard("account.1", channel)
            await layer.group_send("account.1", {"type": "unheard"})
            await layer.send(channel, {"type": "heard"})
            self.assertEqual((await received(layer, channel))["type"], "heard")

        async def test_a_group_of_nobody_may_be_sent_to_and_discarded_from(self) -> None:
            layer = self.layer()
            await layer.group_send("account.1", {"type": "note"})
            await layer.group_discard("account.1", await layer.new_channel())

        async def test_a_full_channel_refuses_a_sender(self) -> None:
            layer = self.layer(capacity=1)
            channel = await layer.new_channel()
            await layer.send(channel, {"type": "note"})
            with self.assertRaises(ChannelFull):
                await layer.send(channel, {"type": "note"})

        async def test_a_full_channel_goes_without_what_the_group_is_sent(self) -> None:
            layer = self.layer(capacity=1)
            full, other = await layer.new_channel(), await layer.new_channel()
            await layer.send(full, {"type": "first"})
            for channel in (full, other):
                await layer.group_add("account.1", channel)
            await layer.group_send("account.1", {"type": "second"})
            self.assertEqual((await received(layer, other))["type"], "second")
            self.assertEqual((await received(layer, full))["type"], "first")

        async def test_names_that_other_layers_refuse_are_refused(self) -> None:
            layer = self.layer()
            with self.assertRaises(TypeError):
                await layer.group_send("no spaces, please", {"type": "note"})
            with self.assertRaises(TypeError):
                await layer.group_add("客户", await layer.new_channel())

        async def test_a_listener_is_called_at_once_in_place_of_receive(self) -> None:
            layer = self.layer()
            channel = await layer.new_channel()
            heard: list[dict[str, Any]] = []
            layer.listen(channel, heard.append)
            await layer.group_add("account.1", channel)
            layer.publish("account.1", {"type": "note"})
            self.assertEqual(heard, [{"type": "note"}])

        async def test_a_group_without_other_channels_is_known_to_reach_nobody_else(self) -> None:
            layer = self.layer()
            one, other = await layer.new_channel(), await layer.new_channel()
            await layer.group_add("account.1", one)
            await layer.group_add("account.1", other)
            self.assertTrue(layer.reaches("account.1", one))

        async def test_after_a_flush_it_begins_anew(self) -> None:
            layer = self.layer()
            channel = await layer.new_channel()
            await layer.group_add("account.1", channel)
            await layer.flush()
            await layer.group_send("account.1", {"type": "unheard"})
            await layer.group_add("account.1", channel)
            await layer.group_send("account.1", {"type": "heard"})
            self.assertEqual((await received(layer, channel))["type"], "heard")


class LocalLayer(Every.Layer):
    def layer(self, **options: Any) -> LocalChannelLayer:
        return LocalChannelLayer(**options)

    async def test_messages_are_handed_over_and_not_copied(self) -> None:
        layer = self.layer()
        channel = await layer.new_channel()
        message = {"type": "note"}
        await layer.send(channel, message)
        self.assertIs(await received(layer, channel), message)

    async def test_a_lone_channel_does_not_reach_anybody_else(self) -> None:
        layer = self.layer()
        channel = await layer.new_channel()
        await layer.group_add("account.1", channel)
        self.assertFalse(layer.reaches("account.1", channel))
        self.assertFalse(layer.reaches("account.2", channel))

    async def test_nothing_is_kept_of_channels_that_are_gone(self) -> None:
        layer = self.layer()
        for _ in range(1000):
            channel = await layer.new_channel()
            layer.listen(channel, lambda message: None)
            await layer.group_add("account.1", channel)
            await layer.group_discard("account.1", channel)
            layer.forget(channel)
        self.assertEqual((len(layer._groups), len(layer._mailboxes)), (0, 0))


@unittest.skipUnless(redis_binary() or os.environ.get("CI"), "redis-server is not installed")
class RedisLayer(Every.Layer):
    redis: RedisServer

    @classmethod
    def setUpClass(cls) -> None:
        cls.redis = RedisServer()
        cls.addClassCleanup(cls.redis.stop)

    def layer(self, **options: Any) -> RedisChannelLayer:
        layer = RedisChannelLayer(self.redis.url, **options)
        self.addAsyncCleanup(layer.flush)
        return layer

    async def test_a_group_reaches_over_processes(self) -> None:
        here, there = self.layer(), self.layer()
        channel = await there.new_channel()
        await there.group_add("account.1", channel)
        await here.group_send("account.1", {"type": "note", "text": "你好"})
        self.assertEqual(await received(there, channel), {"type": "note", "text": "你好"})

    async def test_a_channel_of_another_process_receives_what_is_sent_to_it(self) -> None:
        here, there = self.layer(), self.layer()
        channel = await there.new_channel()
        await here.send(channel, {"type": "note"})
        self.assertEqual(await received(there, channel), {"type": "note"})

    async def test_what_one_process_publishes_arrives_in_order(self) -> None:
        here, there = self.layer(), self.layer()
        channel = await there.new_channel()
        await there.group_add("account.1", channel)
        for number in range(500):
            here.publish("account.1", {"type": "note", "number": number})
            if number % 7 == 0:
                await asyncio.sleep(0)
        self.assertEqual([(await received(there, channel))["number"] for _ in range(500)], list(range(500)))

    async def test_a_channel_of_the_publishing_process_hears_it_once(self) -> None:
        here, there = self.layer(), self.layer()
        channel, far = await here.new_channel(), await there.new_channel()
        await here.group_add("account.1", channel)
        await there.group_add("account.1", far)
        await here.group_send("account.1", {"type": "from here"})
        await received(there, far)
        await there.group_send("account.1", {"type": "from there"})
        heard = [(await received(here, channel))["type"] for _ in range(2)]
        self.assertEqual(heard, ["from here", "from there"])

    async def test_groups_of_another_prefix_are_other_groups(self) -> None:
        here = self.layer()
        elsewhere = self.layer(prefix="other")
        channel = await elsewhere.new_channel()
        await elsewhere.group_add("account.1", channel)
        await here.group_send("account.1", {"type": "unheard"})
        await elsewhere.group_send("account.1", {"type": "heard"})
        self.assertEqual((await received(elsewhere, channel))["type"], "heard")


class RedisGoesAway(unittest.IsolatedAsyncioTestCase):
    """Its own server each, which the tests stop and start."""

    def setUp(self) -> None:
        if not (redis_binary() or os.environ.get("CI")):
            self.skipTest("redis-server is not installed")
        self.redis = RedisServer()
        self.addCleanup(lambda: self.redis.stop())

    def layer(self) -> RedisChannelLayer:
        layer = RedisChannelLayer(self.redis.url)
        self.addAsyncCleanup(layer.flush)
        return layer

    async def test_sockets_of_the_same_process_are_served_on(self) -> None:
        layer = self.layer()
        channel = await layer.new_channel()
        await layer.group_add("account.1", channel)
        self.redis.stop()
        await layer.group_send("account.1", {"type": "note"})
        self.assertEqual(await received(layer, channel), {"type": "note"})

    async def test_other_processes_are_reached_again_once_it_is_back(self) -> None:
        here, there = self.layer(), self.layer()
        channel = await there.new_channel()
        await there.group_add("account.1", channel)
        self.redis.stop()
        self.redis.start_again()
        waiting = asyncio.create_task(there.receive(channel))
        while not waiting.done():
            await here.group_send("account.1", {"type": "note"})
            await asyncio.wait([waiting], timeout=0.05)
        self.assertEqual(waiting.result(), {"type": "note"})

    async def test_a_group_joined_while_it_is_down_is_heard_once_it_is_back(self) -> None:
        here, there = self.layer(), self.layer()
        self.redis.stop()
        channel = await there.new_channel()
        await there.group_add("account.1", channel)
        self.redis.start_again()
        waiting = asyncio.create_task(there.receive(channel))
        while not waiting.done():
            await here.group_send("account.1", {"type": "note"})
            await asyncio.wait([waiting], timeout=0.05)
        self.assertEqual(waiting.result(), {"type": "note"})
