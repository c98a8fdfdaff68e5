"""`slow-reader`: a client that stops reading while it is written to."""

import asyncio
import socket as sockets
import time

from websockets.asyncio.client import connect

from bench import processes
from faults import stages
from faults.crowd import Crowd
from faults.journal import Journal, Level
from faults.options import Options
from faults.report import Report
from tests.deployments import Deployment
from tests.world import PASSWORD

MOST_MEMORY = 60 * 2**20
"""Bytes by which a server may grow for one client that reads nothing."""
CUT_OFF = 60.0
"""Seconds in which a client that is to be closed must be gone, whether it reads or not."""


def run(options: Options, report: Report) -> None:
    for kind in ("daphne", "uvicorn"):
        with stages.embedded(kind, CHAT_OUTBOX_FRAMES="200") as deployment:
            asyncio.run(_run(kind, deployment, options, report))


async def _run(kind: str, deployment: Deployment, options: Options, report: Report) -> None:
    pid = deployment.servers[0].program.process.pid
    gone: list[float] = []

    async def trouble(crowd: Crowd) -> None:
        deaf = await _deaf(crowd, deployment.servers[0].port)
        await asyncio.sleep(1)
        before = processes.resident_bytes([pid])
        flood = asyncio.create_task(_flood(crowd, deployment))
        began = time.monotonic()
        seconds = options.of(150.0, CUT_OFF)
        highest = before
        while time.monotonic() < began + seconds:
            await asyncio.sleep(0.5)
            highest = max(highest, processes.resident_bytes([pid]))
            if not gone and _connections(pid, deaf.getsockname()[1]) == 0:
                gone.append(time.monotonic() - began)
                if options.smoke:
                    break
        flood.cancel()
        crowd.journal.levels.append(Level(f"{kind}: memory with a deaf client", before, highest, MOST_MEMORY))
        deaf.close()

    journal: Journal = await stages.play(deployment, options.seed, trouble)
    level = journal.levels[0]
    grown = round((level.after - level.before) / 2**20)
    report.judge(kind, journal, **{"cut off after s": round(gone[0]) if gone else None, "grown MiB": grown})
    report.expect(bool(gone) and gone[0] <= CUT_OFF, f"{kind}: the client that reads nothing is still connected")


async def _deaf(crowd: Crowd, port: int) -> sockets.socket:
    """A signed-in socket of `ann` from which nothing is read any more; below WebSocket, so that no pong is sent."""
    person = crowd.people[0]
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    raw.setblocking(False)
    await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", port))
    # A copy of the descriptor stays when the library has gone.
    kept = raw.dup()
    client = await connect(f"ws://127.0.0.1:{port}/ws", sock=raw, compression=None, max_queue=1, ping_interval=None)
    await client.send(
        f'{{"appid":"{person.app}","query":"login","data":{{"account":"{person.name}","password":"{PASSWORD}"}}}}'
    )
    while '"login"' not in str(await client.recv()):
        pass
    client.transport.pause_reading()
    return kept


async def _flood(crowd: Crowd, deployment: Deployment) -> None:
    """Large messages to `ann`, from somebody of whom the journal knows nothing."""
    person = crowd.people[0]
    async with connect(deployment.servers[0].url, compression=None, max_size=None) as client:
        await client.send(
            f'{{"appid":"{person.app}","query":"login","data":{{"account":"nobody","password":"{PASSWORD}"}}}}'
        )
        body = '{"type":"txt","content":"' + "x" * 4900 + '"}'
        while True:
            await client.send(f'{{"query":"send","data":{{"account":"{person.name}","message":{body}}}}}')
            await asyncio.sleep(0.01)


def _connections(pid: int, port: int) -> int:
    """Established connections on this machine from that port."""
    with open("/proc/net/tcp") as table:
        lines = [line.split() for line in table.readlines()[1:]]
    return sum(int(f[2].rpartition(":")[2], 16) == port and f[3] in ("01", "08") for f in lines)
