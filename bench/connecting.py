"""Opening many sockets, a bounded number at once, as a listening queue can take them."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from picows import ws_connect

from bench.sockets import PATIENCE, Socket

AT_ONCE = 50

S = TypeVar("S", bound=Socket)
T = TypeVar("T")


async def opened(socket: S, url: str) -> S:
    """The socket, once it has heard what the server says first."""
    headers = {"Sec-WebSocket-Protocol": socket.subprotocol} if socket.subprotocol else None
    await ws_connect(lambda: socket, url, extra_headers=headers, websocket_handshake_timeout=PATIENCE)
    await asyncio.wait_for(socket.opened, PATIENCE)
    return socket


async def signed_in(socket: S, url: str) -> S:
    """The socket, open and signed in."""
    await opened(socket, url)
    await socket.sign_in()
    return socket


async def several(calls: Iterable[Callable[[], Awaitable[T]]], at_once: int = AT_ONCE) -> list[T]:
    """What the calls return, in their order, with at most so many under way at once; one that fails ends all."""
    gate = asyncio.Semaphore(at_once)

    async def one(call: Callable[[], Awaitable[T]]) -> T:
        async with gate:
            return await call()

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(call)) for call in calls]
    return [task.result() for task in tasks]


@asynccontextmanager
async def crowd(kind: Callable[[str], S], names: Sequence[str], urls: Sequence[str]) -> AsyncIterator[list[S]]:
    """A signed-in socket for each name, spread over the urls in turn, for as long as they are needed."""
    sockets = [kind(name) for name in names]
    targets = [urls[number % len(urls)] for number in range(len(names))]

    def entering(socket: S, url: str) -> Callable[[], Awaitable[S]]:
        return lambda: signed_in(socket, url)

    try:
        await several(entering(socket, url) for socket, url in zip(sockets, targets, strict=True))
        # The load's own collector must not stop the clock among thousands of sockets.
        gc.collect()
        gc.freeze()
        yield sockets
    finally:
        gc.unfreeze()
        leave(sockets)


def leave(sockets: Iterable[Socket]) -> None:
    """Hang up whatever is still connected."""
    for socket in sockets:
        if not socket.closed:
            socket.hang_up()
