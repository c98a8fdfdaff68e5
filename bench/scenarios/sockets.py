"""`many-sockets` and `idle`: what grows with the number of sockets."""

import time
from functools import partial

import uvloop

from bench import deployments
from bench.connecting import crowd, several
from bench.deployments import Deployment
from bench.options import Options
from bench.results import Result
from bench.scenarios.pairs import throughput
from bench.sockets import ChatSocket

SLOWEST = 0.8
LARGEST = {"uvicorn": 24.0, "daphne": 32.0}
"""KB for each idle socket."""
FIRST = 100
"""Sockets that are there before memory is read for the first time, so that what all share is not counted."""


def many(options: Options, result: Result) -> None:
    """The same closed loop over few sockets and over many."""
    few, most = 100, options.of(4000, 1000, 120)
    result.parameters |= {"seconds": options.span.seconds, "warm-up": options.span.warm_up}
    for server in options.servers:
        rates = []
        for count in (few, most):
            with deployments.embedded(server, most) as deployment:
                measured = uvloop.run(throughput(deployment, count // 2, 1, options.span))
            rates.append(measured.rate)
            result.add({"server": deployment.label, "sockets": count, "W": 1, **measured.row()}, measured.faults)
        result.compare(f"{server}, {most:,} / {few} sockets", rates[1] / rates[0], at_least=SLOWEST)


def idle(options: Options, result: Result) -> None:
    """Sockets that are signed in and do nothing, each of an account of its own."""
    count = options.of(10_000, 2000, 200)
    for server in options.servers:
        with deployments.embedded(server, count) as deployment:
            size = uvloop.run(_idle(deployment, count, result))
        result.compare(f"{server}, KB for a socket", size, at_most=LARGEST[server])


async def _idle(deployment: Deployment, count: int, result: Result) -> float:
    names = [f"u{number}" for number in range(count)]
    async with crowd(ChatSocket, names[:FIRST], deployment.urls):
        before = deployment.resident_bytes()
        cpu = deployment.cpu_seconds()[0]
        began = time.perf_counter()
        async with crowd(ChatSocket, names[FIRST:], deployment.urls) as sockets:
            seconds = time.perf_counter() - began
            # An answer from each shows that it is still there.
            await several(partial(socket.ask, "leave_chats") for socket in sockets)
            after = deployment.resident_bytes()
            spent = deployment.cpu_seconds()[0] - cpu
            size = (after - before) / len(sockets) / 1000
            closed = sum(socket.closed for socket in sockets)
            result.add(
                {
                    "server": deployment.label,
                    "sockets": count,
                    "MB of the process": round(after / 1e6, 1),
                    "KB for a socket": round(size, 1),
                    "sign-ins/s with connecting": round(len(sockets) / seconds),
                    "CPU ms for a connection": round(spent * 1000 / len(sockets), 3),
                },
                [f"{deployment.label}: {closed} idle sockets closed"] if closed else [],
            )
    return size
