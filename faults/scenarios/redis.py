"""`redis`: what joins the processes is flushed, hangs, is killed and comes back."""

import asyncio
import signal

from redis import Redis

from faults import stages
from faults.crowd import Crowd
from faults.options import Options
from faults.report import Report
from tests.services import RedisServer

AFTERWARDS = 4.0
"""Seconds in which processes find Redis again, after which nothing may be lost any more."""


def run(options: Options, report: Report) -> None:
    with stages.grown_up() as deployment:
        server = next(helper for helper in deployment.helpers if isinstance(helper, RedisServer))

        async def trouble(crowd: Crowd) -> None:
            loop = asyncio.get_running_loop()
            for _ in range(options.times(5, 1)):
                await asyncio.sleep(crowd.dice.uniform(1.0, 2.0))
                with Redis.from_url(server.url) as client:
                    client.flushall()
                await asyncio.sleep(crowd.dice.uniform(0.5, 1.0))
                began = loop.time()
                server.program.signal(signal.SIGSTOP)
                await asyncio.sleep(crowd.dice.uniform(1.0, 3.0))
                server.program.signal(signal.SIGCONT)
                await asyncio.sleep(crowd.dice.uniform(0.5, 1.0))
                server.program.signal(signal.SIGKILL)
                await asyncio.to_thread(server.program.wait)
                await asyncio.sleep(crowd.dice.uniform(1.0, 4.0))
                await asyncio.to_thread(server.start_again)
                await asyncio.sleep(AFTERWARDS)
                crowd.journal.hints_lost.append((began - 1, loop.time()))
                crowd.journal.hints_late.append((began - 1, loop.time()))
            await asyncio.sleep(options.of(5.0, 2.0))

        journal = asyncio.run(stages.play(deployment, options, trouble))
        stages.check_receipts_went_on(journal, report)
        report.judge("grown-up", journal, rounds=options.times(5, 1))
