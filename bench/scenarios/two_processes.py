"""`two-processes`: what it costs that sender and recipient are served by different processes."""

import uvloop

from bench import deployments
from bench.options import Options
from bench.results import Result
from bench.scenarios.pairs import throughput

DEAREST = 1.3
"""CPU time of two processes, as a multiple of one's."""


def run(options: Options, result: Result) -> None:
    """The same messages through one process, and through two with the recipients on the other one."""
    result.parameters |= {"seconds": options.span.seconds, "warm-up": options.span.warm_up}
    loads = options.of(((1, 1), (1, 10), (50, 10)), ((1, 10), (50, 10)), ((1, 10),))
    costs: dict[tuple[int, int, int], float] = {}
    with deployments.cluster(durable=options.measures) as cluster:
        for processes in (1, 2):
            with deployments.grown_up(cluster, "uvicorn", processes) as deployment:
                for pairs, window in loads:
                    measured = uvloop.run(throughput(deployment, pairs, window, options.span))
                    costs[processes, pairs, window] = measured.cpu_for_thousand()
                    row = {"server": deployment.label, "processes": processes, "pairs": pairs, "W": window}
                    result.add({**row, **measured.row()}, measured.faults)
    for pairs, window in loads:
        one, two = costs[1, pairs, window], costs[2, pairs, window]
        if one:
            result.compare(f"CPU of two / one, pairs={pairs}, W={window}", two / one, at_most=DEAREST)
