"""The ends of servers: `kill`, `terminate`, `one-of-two`."""

import asyncio
import signal
import time

from faults import stages
from faults.crowd import Crowd
from faults.options import Options
from faults.report import Report
from tests.services import ChatServer

LONGEST_END = 15.0
"""Seconds that an orderly end may take."""


async def _end(server: ChatServer, number: signal.Signals) -> float:
    """End a server and start it again; the seconds that its end took."""
    began = time.monotonic()
    server.program.signal(number)
    await asyncio.to_thread(server.program.wait)
    took = time.monotonic() - began
    await asyncio.to_thread(server.start_again)
    return took


def kill(options: Options, report: Report) -> None:
    """At random moments; the next one comes when people have come back and talk again."""
    # The short form leaves several processes to `one-of-two`.
    kinds = options.of(("uvicorn", "daphne", "grown-up"), ("uvicorn", "daphne"))
    for index, kind in enumerate(kinds):
        times = options.times(100, 2) // len(kinds) + (index < options.times(100, 2) % len(kinds))

        async def killing(crowd: Crowd, times: int = times) -> None:
            for _ in range(times):
                await asyncio.sleep(crowd.dice.uniform(0.5, 2.5))
                await _end(crowd.dice.choice(deployment.servers), signal.SIGKILL)
            await asyncio.sleep(1)

        with stages.grown_up() if kind == "grown-up" else stages.embedded(kind) as deployment:
            journal = asyncio.run(stages.play(deployment, options, killing))
            # With several processes what the killed one had not published is lost to the other's sockets.
            report.judge(kind, stages.forgiving(journal) if kind == "grown-up" else journal, kills=times)


def terminate(options: Options, report: Report) -> None:
    """Every socket must hear 1012, and the process must end in good time."""
    for kind in ("uvicorn", "daphne"):
        times = options.times(10, 1)
        ends: list[float] = []

        async def ending(crowd: Crowd, times: int = times, ends: list[float] = ends) -> None:
            for _ in range(times):
                await asyncio.sleep(crowd.dice.uniform(1.0, 3.0))
                ends.append(await _end(deployment.servers[0], signal.SIGTERM))
            await asyncio.sleep(1)

        with stages.embedded(kind) as deployment:
            journal = asyncio.run(stages.play(deployment, options, ending))
        codes = [entry.frame["code"] for entry in journal.entries if entry.kind == "closed"]
        told = codes.count(1012)
        report.judge(kind, journal, ends=times, **{"closed with 1012": told, "longest end s": round(max(ends), 1)})
        report.expect(max(ends) < LONGEST_END, f"{kind} took {max(ends):.1f} s to end")
        report.expect(told >= times * len(journal.fresh), f"{kind}: only {told} sockets were closed with 1012")


def one_of_two(options: Options, report: Report) -> None:
    """The other one goes on, and takes those that come to it."""
    times = options.times(10, 1)

    async def killing(crowd: Crowd) -> None:
        for _ in range(times):
            await asyncio.sleep(crowd.dice.uniform(1.0, 2.0))
            server = deployment.servers[1]
            server.program.signal(signal.SIGKILL)
            await asyncio.to_thread(server.program.wait)
            await asyncio.sleep(crowd.dice.uniform(1.0, 3.0))
            await asyncio.to_thread(server.start_again)
        await asyncio.sleep(1)

    with stages.grown_up() as deployment:
        journal = asyncio.run(stages.play(deployment, options, killing))
    report.judge("grown-up", stages.forgiving(journal), kills=times)
