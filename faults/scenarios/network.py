"""`network`: everything that a connection can suffer on its way, through a proxy in front of each server."""

import asyncio

from faults import stages
from faults.crowd import Crowd
from faults.journal import Journal
from faults.options import Options
from faults.proxy import Proxy
from faults.report import Report
from tests.deployments import Deployment


def run(options: Options, report: Report) -> None:
    for kind in options.of(("daphne", "uvicorn"), ("uvicorn",)):
        with stages.embedded(kind) as deployment:
            journal = asyncio.run(_through_proxy(deployment, options))
        report.judge(kind, journal, rounds=options.times(6, 1))


async def _through_proxy(deployment: Deployment, options: Options) -> Journal:
    proxy = Proxy(deployment.servers[0].port, options.seed)
    url = await proxy.open()

    async def trouble(crowd: Crowd) -> None:
        for _ in range(options.times(6, 1)):
            await asyncio.sleep(crowd.dice.uniform(0.5, 1.5))
            proxy.cut_in_mid_frame()
            await asyncio.sleep(crowd.dice.uniform(0.5, 1.5))
            proxy.reset_all()
            await asyncio.sleep(crowd.dice.uniform(0.5, 1.5))
            proxy.byte_by_byte = True
            await asyncio.sleep(2)
            proxy.byte_by_byte = False
            proxy.delay = 0.2
            await asyncio.sleep(2)
            proxy.delay = 0.0
            proxy.half_open()
            await asyncio.sleep(crowd.dice.uniform(0.5, 1.5))
            proxy.silence()
            await asyncio.sleep(options.of(5.0, 2.0))
            proxy.back()
            await asyncio.sleep(1)
        if not options.smoke:
            # A minute in a tunnel; the devices give up before, and come back.
            proxy.silence()
            await asyncio.sleep(60)
            proxy.back()
            await asyncio.sleep(2)

    try:
        return await stages.play(deployment, options, trouble, [url])
    finally:
        await proxy.close()
