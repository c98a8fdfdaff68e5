"""`latency`: from the sender's write to the recipient's read, at half of the rate that the server can take."""

import uvloop

from bench import deployments
from bench.deployments import Deployment
from bench.figures import milliseconds
from bench.load import Measured, Span, pairs_on
from bench.options import Options
from bench.results import Result
from bench.scenarios.pairs import throughput

LONGEST = {0.5: 6.0, 0.99: 25.0}
"""Milliseconds by quantile."""


def run(options: Options, result: Result) -> None:
    """The peak first, with ten messages of each sender under way; then messages at a steady half of that rate."""
    pairs = options.of(50, 50, 5)
    result.parameters |= {"pairs": pairs, "seconds": options.span.seconds, "warm-up": options.span.warm_up}
    for server in options.servers:
        with deployments.embedded(server, 2 * pairs) as deployment:
            peak = uvloop.run(throughput(deployment, pairs, 10, options.span))
            half = uvloop.run(_steady(deployment, pairs, peak.rate / 2, options.span))
        result.add(
            {
                "server": deployment.label,
                "peak, messages/s": round(peak.rate),
                **half.row(),
                "load late by, p99 ms": milliseconds(half.late, 0.99),
            },
            peak.faults + half.faults,
        )
        for share, longest in LONGEST.items():
            value = milliseconds(half.latencies, share)
            if value is not None:
                result.compare(f"{server}, p{share * 100:g} ms", value, at_most=longest)


async def _steady(deployment: Deployment, pairs: int, rate: float, span: Span) -> Measured:
    async with pairs_on(deployment, pairs) as load:
        return await load.open_loop(rate, span)
