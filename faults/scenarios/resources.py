"""`resources`: sockets come and go by the thousand, orderly or not; what they took must come back."""

import asyncio
import os
import urllib.request

from websockets.asyncio.client import connect

from bench import processes
from faults import stages
from faults.crowd import Crowd
from faults.journal import Level
from faults.options import Options
from faults.report import Report
from tests.deployments import Deployment
from tests.world import PASSWORD

AT_ONCE = 100
SHOWN = ("memory", "descriptors", "threads", "chat_tasks")
PRODUCTION = {"DEBUG": "0", "SECRET_KEY": "a-secret-of-this-campaign", "ALLOWED_HOSTS": "127.0.0.1"}
"""With `DEBUG` Django keeps the text of the last 9,000 queries of each connection."""


def run(options: Options, report: Report) -> None:
    for kind in ("daphne", "uvicorn"):
        with stages.embedded(kind, None, **PRODUCTION) as deployment:

            async def come_and_go(crowd: Crowd, deployment: Deployment = deployment) -> None:
                await asyncio.sleep(2)

            journal = asyncio.run(stages.play(deployment, options, come_and_go))
            journal.levels += asyncio.run(_levels(kind, deployment, journal.sockets[0].app, options))
            shown = [level for level in journal.levels if level.what in SHOWN]
            row = {level.what: f"{level.before:,.0f} → {level.after:,.0f}" for level in shown}
            report.judge(kind, journal, connects=options.of(5000, 800), **row)


async def _levels(kind: str, deployment: Deployment, app: str, options: Options) -> list[Level]:
    url, pid = deployment.servers[0].url, deployment.servers[0].program.process.pid
    # The first thousand fills caches, and what the allocator keeps.
    await _many(url, app, options.of(1000, 300))
    before = await _settled(deployment, pid)
    await _many(url, app, options.of(5000, 800))
    after = await _settled(deployment, pid)
    # A chore may be at work in one moment and not in the other; what a socket leaves behind comes in thousands.
    allowed = {"memory": 12 * 2**20, "chat_tasks": 5}
    return [Level(what, before[what], after[what], allowed.get(what, 0)) for what in before]


async def _many(url: str, app: str, count: int) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with gate:
            client = await connect(url, compression=None, open_timeout=30, ping_interval=None)
            await client.send(
                f'{{"appid":"{app}","query":"login","data":{{"account":"nobody","password":"{PASSWORD}"}}}}'
            )
            while '"login"' not in str(await client.recv()):
                pass
            await client.send('{"query":"enter_chats","data":{"account":"ann"}}')
            if number % 3:
                await client.close()
            else:
                client.transport.abort()

    await asyncio.gather(*(one(number) for number in range(count)))


async def _settled(deployment: Deployment, pid: int) -> dict[str, float]:
    """What the server holds once it has noticed that all are gone."""
    for _ in range(100):
        gauges = await asyncio.to_thread(_gauges, deployment)
        if not sum(value for name, value in gauges.items() if name.startswith("chat_sockets")):
            break
        await asyncio.sleep(0.2)
    await asyncio.sleep(2)
    gauges = await asyncio.to_thread(_gauges, deployment)
    return {
        "memory": float(processes.resident_bytes([pid])),
        "descriptors": float(len(os.listdir(f"/proc/{pid}/fd"))),
        "threads": float(len(os.listdir(f"/proc/{pid}/task"))),
        **gauges,
    }


def _gauges(deployment: Deployment) -> dict[str, float]:
    address = f"{deployment.servers[0].pages}/metrics"
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  (an address of our own server)
        lines = answer.read().decode().splitlines()
    found: dict[str, float] = {}
    for line in lines:
        name, _, value = line.rpartition(" ")
        if name and not name.startswith("#"):
            found[name] = float(value)
    return {name: value for name, value in found.items() if _is_gauge(name)}


def _is_gauge(name: str) -> bool:
    # What the library says of the process itself is looked up above.
    return name.startswith("chat_") and not name.partition("{")[0].endswith(
        ("_total", "_bucket", "_sum", "_count", "_created")
    )
