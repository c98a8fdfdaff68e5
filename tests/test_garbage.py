"""What sockets leave behind in circles is freed once enough of them have closed, and not before."""

import asyncio
import gc
import weakref
from typing import Any
from unittest import IsolatedAsyncioTestCase

import uvicorn
from websockets.asyncio.client import connect

from chat import garbage
from chat.counts import counts
from chat.servers.uvicorn_door import Door
from chat.servers.uvicorn_socket import ChatSocket
from tests.client import PATIENCE, a_moment
from tests.services import free_port


class Circle:
    """Something that only a look for garbage frees."""

    def __init__(self) -> None:
        self.itself = self


class WhatSocketsLeaveBehind(IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)
        self.close(garbage.FEWEST + counts.opened)
        await garbage.collect()
        self.left = weakref.ref(Circle())

    def close(self, sockets: int) -> None:
        counts.opened += sockets
        counts.closed[1000] += sockets

    async def test_stays_while_few_have_closed(self) -> None:
        self.close(garbage.FEWEST - 1)
        await garbage.collect()
        self.assertIsNotNone(self.left())

    async def test_is_freed_once_many_have_closed(self) -> None:
        self.close(garbage.FEWEST)
        await garbage.collect()
        self.assertIsNone(self.left())

    async def test_stays_while_more_are_open_than_have_closed(self) -> None:
        counts.opened += 2 * garbage.FEWEST
        self.close(garbage.FEWEST)
        await garbage.collect()
        self.assertIsNotNone(self.left())
        self.close(garbage.FEWEST)
        await garbage.collect()
        self.assertIsNone(self.left())
        counts.closed[1000] += 2 * garbage.FEWEST


class ASocketOfUvicorn(IsolatedAsyncioTestCase):
    """An application that accepts sockets and says nothing stands for ours: what is looked at is the server's part."""

    async def asyncSetUp(self) -> None:
        self.port = free_port()
        classes: Any = {"http": Door, "ws": ChatSocket}
        quiet: Any = {"log_config": None, "log_level": "warning"}
        config = uvicorn.Config(self.accepts, port=self.port, interface="asgi3", lifespan="off", **classes, **quiet)
        self.server = uvicorn.Server(config)
        serving = asyncio.create_task(self.server._serve())
        self.addAsyncCleanup(lambda: serving)
        self.addCleanup(setattr, self.server, "should_exit", True)
        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)

    async def accepts(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await receive()

    def left(self) -> list[str]:
        return [type(one).__name__ for one in gc.get_objects() if type(one) in (Door, ChatSocket)]

    async def test_leaves_nothing_in_circles(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while not self.server.started:
                await a_moment()
            async with connect(f"ws://127.0.0.1:{self.port}/ws", compression=None):
                self.assertEqual(self.left(), ["ChatSocket"])
            while self.server.server_state.connections or self.server.server_state.tasks:
                await a_moment()
            await a_moment()
        self.assertEqual(self.left(), [])
