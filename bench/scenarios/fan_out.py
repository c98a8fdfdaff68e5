"""`fan-out`: what one message costs for an account that is signed in on many sockets."""

from functools import partial

import uvloop

from bench import deployments
from bench.connecting import crowd, several
from bench.deployments import Deployment
from bench.load import Load, Measured, Span
from bench.options import Options
from bench.results import Result
from bench.sockets import ChatSocket

DEAREST = 30.0
"""Microseconds of CPU for each further socket."""
RATE = 500
"""Messages a second to the one account, the same however many sockets it has."""


def run(options: Options, result: Result) -> None:
    """The same steady messages to an account with one socket, and with many."""
    result.parameters |= {"messages/s": RATE, "seconds": options.span.seconds, "warm-up": options.span.warm_up}
    most = options.of(20, 20, 5)
    for server in options.servers:
        costs = {}
        for count in (1, most):
            with deployments.embedded(server) as deployment:
                measured, missed = uvloop.run(_to_one(deployment, count, options.span))
            costs[count] = measured.server_cpu * 1e6 / measured.messages
            row = {"server": deployment.label, "sockets": count, **measured.row()}
            result.add(
                {**row, "CPU µs for an event": round(costs[count], 1)},
                [*measured.faults, *([f"{server}: further sockets missed {missed} messages"] if missed else [])],
            )
        further = (costs[most] - costs[1]) / (most - 1)
        result.compare(f"{server}, CPU µs for a further socket", further, at_most=DEAREST)


async def _to_one(deployment: Deployment, count: int, span: Span) -> tuple[Measured, int]:
    """What the first of the recipient's sockets measured, and how many messages the others missed in all."""
    heard = 0

    def also_heard(written_at: int) -> None:
        nonlocal heard
        heard += 1

    async with crowd(ChatSocket, ["u0", *["u1"] * count], deployment.urls) as (sender, first, *others):
        for socket in others:
            socket.on_arrival = also_heard
        load = Load(deployment, [(sender, first)])
        measured = await load.open_loop(RATE, span)
        # What a socket was told before this answer, it has heard by now.
        await several(partial(socket.ask, "leave_chats") for socket in others)
    return measured, load.written * len(others) - heard
