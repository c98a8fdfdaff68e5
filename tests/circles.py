"""A program that serves sockets, has some come and go, and says what these left that only a look for garbage frees.

`python -m tests.circles daphne` or `uvicorn`, on the empty database of the environment. The sockets' other ends are in
a program of their own, since they may leave what they like.
"""

import asyncio
import gc
import json
import os
import sys
from collections import Counter
from typing import Any

import django
from websockets.asyncio.client import ClientConnection, connect

from tests.services import PATIENCE, free_port

APPID, NAME, PASSWORD = "circles", "a", "123456"
SIGN_IN = json.dumps({"appid": APPID, "query": "login", "data": {"account": NAME, "password": PASSWORD}})
SOCKETS = 20
"""That come and go of each kind."""
IN_THE_MIDST = 0.05
"""Seconds until what sockets were about to do is done or given up."""


async def closes(socket: ClientConnection) -> None:
    """It says goodbye."""
    await socket.close()


async def breaks_off(socket: ClientConnection) -> None:
    """It is gone without a word, while it is being answered."""
    for _ in range(3):
        await socket.send('{"query":"users"}')
    socket.transport.abort()


async def visits(port: int) -> None:
    """Sockets come and go, one after another."""
    for leaves in (closes, breaks_off):
        for _ in range(SOCKETS):
            async with asyncio.timeout(PATIENCE):
                socket = await connect(f"ws://127.0.0.1:{port}/ws", compression=None)
                await socket.send(SIGN_IN)
                while '"login"' not in str(await socket.recv()):
                    pass
                await leaves(socket)
                await socket.wait_closed()


async def visited(port: int) -> None:
    """Sockets have come and gone, and the server has done with them."""
    from chat.counts import counts

    before = counts.closed.total()
    visitors = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.circles", "visitors", str(port))
    if await visitors.wait():
        sys.exit("the visitors failed")
    async with asyncio.timeout(PATIENCE):
        while counts.closed.total() < before + 2 * SOCKETS:
            await asyncio.sleep(IN_THE_MIDST)
    await asyncio.sleep(IN_THE_MIDST)


async def report(port: int) -> None:
    """Print how many objects of which types sockets left in circles, those aside which the first ones made for all."""
    await visited(port)
    gc.collect()
    gc.disable()
    await visited(port)
    gc.set_debug(gc.DEBUG_SAVEALL)
    gc.collect()
    left = Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.garbage)
    sys.stdout.write(json.dumps(left))
    sys.stdout.flush()


def daphne(port: int) -> None:
    """Serve as `manage.py runserver` does."""
    from chat.servers.daphne_server import ChatServer
    from chatproject.asgi import application

    running: set[Any] = set()

    async def report_and_end() -> None:
        try:
            await report(port)
        finally:
            os._exit(0)

    def ready() -> None:
        running.add(asyncio.get_event_loop().create_task(report_and_end()))

    ChatServer(application, endpoints=[f"tcp:port={port}:interface=127.0.0.1"], ready_callable=ready).run()


def uvicorn(port: int) -> None:
    """Serve with the options that the documents name."""
    import uvicorn as servers
    import uvloop

    config = servers.Config(
        "chatproject.asgi:application",
        port=port,
        http="chat.servers.uvicorn_door:Door",
        ws="chat.servers.uvicorn_socket:ChatSocket",
        lifespan="off",
        log_config=None,
    )

    async def serve() -> None:
        server = servers.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0)
        await report(port)
        server.should_exit = True
        await serving

    uvloop.run(serve())


if __name__ == "__main__":
    if sys.argv[1] == "visitors":
        asyncio.run(visits(int(sys.argv[2])))
    else:
        django.setup()
        from accounts import lifecycle

        lifecycle.create_account(app=lifecycle.create_app(appid=APPID, name=APPID), name=NAME, password=PASSWORD)
        {"daphne": daphne, "uvicorn": uvicorn}[sys.argv[1]](free_port())
