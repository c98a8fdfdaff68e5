"""`sign-in`: how many a second, and what many at once do to those who are signed in already."""

import asyncio
import json
import time
from functools import partial

import uvloop

from bench import deployments
from bench.connecting import leave, opened, several, signed_in
from bench.deployments import KEPT, Deployment
from bench.figures import milliseconds
from bench.load import Measured, Span, pairs_on
from bench.options import Options
from bench.results import Result
from bench.sockets import ChatSocket
from bench.storm import Proofs, gathering

AT_ONCE = 20
PAIRS, RATE = 50, 500
"""Those who are signed in already, and the messages that they write a second."""
LOWEST = 1000.0
SHARE_OF_ARGON2 = 0.8
"""Of what the comparison of passwords alone would allow, how much the first sign-ins must reach."""
LONGEST = 3.0
"""p99 during a storm, as a multiple of what it is otherwise."""


def run(options: Options, result: Result) -> None:
    """First with a password, again within minutes, with a token; each for its rate and then as a storm."""
    some, many = options.of(200, 100, 10), options.of(2000, 300, 30)
    # Each of these has a hash of its own and signs in once: alone, with its connection, and in the storm.
    strangers = 2 * some + many
    result.parameters |= {"sign-ins in a storm": many, "others' messages/s": RATE, "others' pairs": PAIRS}
    for server in options.servers:
        with deployments.embedded(server, strangers + 2 * PAIRS) as deployment:
            kept = KEPT / "hashes.json"
            made = json.loads(deployments.prepare(deployment.settings, "proofs", str(strangers), str(kept)))
            names = [(f"u{number}", "") for number in range(strangers)]
            known = [names[number % some] for number in range(many)]
            proven = [(name, token) for (name, _), token in zip(names, made["tokens"], strict=True)][:many]
            kinds: dict[str, tuple[Proofs, Proofs, Proofs]] = {
                "first, with a password": (names[:some], names[some : 2 * some], names[2 * some :]),
                "again within minutes": (known, known, known),
                "with a token": (proven, proven, proven),
            }
            rates = {
                kind: uvloop.run(_rates(deployment, kind, apart, together, result))
                for kind, (apart, together, _) in kinds.items()
            }
            storms = {
                kind: uvloop.run(_storm(deployment, strangers // 2, kind, proofs, options.span, result))
                for kind, (_, _, proofs) in kinds.items()
            }
        first, again, token = rates.values()
        result.compare(
            f"{server}, first sign-ins / what argon2id allows", first * made["seconds"], at_least=SHARE_OF_ARGON2
        )
        result.compare(f"{server}, again, a second", again, at_least=LOWEST)
        result.compare(f"{server}, with a token, a second", token, at_least=LOWEST)
        for kind, ratio in storms.items():
            result.compare(f"{server}, others' p99 in a storm / otherwise, {kind}", ratio, at_most=LONGEST)


async def _rates(deployment: Deployment, kind: str, apart: Proofs, together: Proofs, result: Result) -> float:
    """Sign-ins a second on sockets that are open already, which is returned, and with their connections."""
    url = deployment.urls[0]
    sockets = await several(partial(opened, ChatSocket(*proof), url) for proof in apart)
    cpu = deployment.cpu_seconds()[0]
    began = time.perf_counter()
    await several((socket.sign_in for socket in sockets), AT_ONCE)
    signing_in = time.perf_counter() - began
    cpu = deployment.cpu_seconds()[0] - cpu
    leave(sockets)
    began = time.perf_counter()
    sockets = await several((partial(signed_in, ChatSocket(*proof), url) for proof in together), AT_ONCE)
    connecting_too = time.perf_counter() - began
    leave(sockets)
    rate = len(apart) / signing_in
    result.add(
        {
            "server": deployment.label,
            "sign-in": kind,
            "sign-ins": len(apart),
            "a second": round(rate, 1),
            "a second with connecting": round(len(together) / connecting_too, 1),
            "CPU ms each": round(cpu * 1000 / len(apart), 3),
        }
    )
    return rate


async def _storm(
    deployment: Deployment, first_pair: int, kind: str, proofs: Proofs, span: Span, result: Result
) -> float:
    """How much longer messages of others take, as a ratio of p99, while all of these sign in."""
    async with (
        gathering(deployment.urls[0], proofs) as let_loose,
        pairs_on(deployment, PAIRS, first_pair) as load,
        load.steadily(RATE),
    ):
        await asyncio.sleep(span.warm_up)
        async with load.measuring() as normal:
            await asyncio.sleep(span.seconds)
        async with load.measuring() as storm:
            closed = await let_loose()
        await load.stop(storm)
    before, during = _p99(normal), _p99(storm)
    result.add(
        {
            "server": deployment.label,
            "sign-in": f"storm, {kind}",
            "sign-ins": len(proofs),
            "a second with connecting": round(len(proofs) / storm.seconds, 1),
            "others' p99 ms before": before,
            "others' p99 ms during": during,
            "load late by, p99 ms": milliseconds(storm.late, 0.99),
        },
        [*storm.faults, *([f"{deployment.label}: {closed} sockets of the storm closed"] if closed else [])],
    )
    return during / before


def _p99(measured: Measured) -> float:
    value = milliseconds(measured.latencies, 0.99)
    assert value, "no message arrived"
    return value
