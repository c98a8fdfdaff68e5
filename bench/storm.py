"""Many sign-ins at once, in a process of their own: whoever measures others meanwhile must not be held up by them.

As a program it reads, as a line of JSON, where and as whom to sign in, says that it is ready, waits for another line,
signs all of them in, and says how many of the sockets the server has closed.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

import uvloop

from bench.connecting import leave, several, signed_in
from bench.sockets import ChatSocket
from tests.services import ROOT

AT_ONCE = 200
"""Sign-ins that are under way at once; further ones follow as these are done."""
Proofs = Sequence[tuple[str, str]]
"""Accounts, each with a chat token or, if that is empty, with the password."""


@asynccontextmanager
async def gathering(url: str, proofs: Proofs) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """A storm that is ready; calling it lets it loose, waits for its end and tells how many sockets were closed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.storm", cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    keyboard, screen = process.stdin, process.stdout
    assert keyboard is not None
    assert screen is not None

    async def loose() -> int:
        keyboard.write(b"now\n")
        return int(await screen.readline())

    try:
        keyboard.write(json.dumps([url, proofs]).encode() + b"\n")
        await screen.readline()
        yield loose
    finally:
        keyboard.close()
        await process.wait()


async def _all(url: str, proofs: Proofs) -> None:
    sockets = await several((partial(signed_in, ChatSocket(*proof), url) for proof in proofs), AT_ONCE)
    sys.stdout.write(f"{sum(socket.closed for socket in sockets)}\n")
    sys.stdout.flush()
    leave(sockets)


if __name__ == "__main__":
    # The one who measures comes first.
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    url, proofs = json.loads(sys.stdin.readline())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    uvloop.run(_all(url, proofs))
