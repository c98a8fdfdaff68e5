"""`start`: how soon a server answers."""

import time

import uvloop

from bench import deployments
from bench.connecting import opened
from bench.options import Options
from bench.results import Result
from bench.sockets import ChatSocket

SLOWEST = 2.0
"""Seconds."""


def run(options: Options, result: Result) -> None:
    """From the start of the process to the first frame on `/ws`, a few times."""
    for server in options.servers:
        with deployments.embedded(server) as deployment:
            settings = deployment.settings
            deployment.servers[0].stop()
            seconds = []
            for _ in range(options.of(5, 3, 1)):
                began = time.perf_counter()
                with deployments.serving(server, settings) as running:
                    uvloop.run(_first_answer(running.url))
                    seconds.append(time.perf_counter() - began)
            result.add(
                {"server": deployment.label, "fastest s": round(min(seconds), 2), "slowest s": round(max(seconds), 2)}
            )
            result.compare(f"{server}, seconds to the first answer", max(seconds), at_most=SLOWEST)


async def _first_answer(url: str) -> None:
    socket = await opened(ChatSocket("nobody"), url)
    socket.hang_up()
