"""`pairs` and `grown-up`: how many messages a second go from fifty senders to fifty recipients, beside others."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from statistics import median

import uvloop

from bench import deployments, peers
from bench.deployments import Deployment
from bench.load import Measured, Span, pairs_on
from bench.options import Options
from bench.results import Result

Contender = Callable[[], AbstractContextManager[Deployment]]
Rates = dict[tuple[str, int], float]
"""Messages a second by contender and window."""


async def throughput(deployment: Deployment, pairs: int, window: int, span: Span) -> Measured:
    """Fifty pairs, or as many as wanted, each with `window` messages under way."""
    async with pairs_on(deployment, pairs) as load:
        return await load.closed_loop(window, span)


def embedded(options: Options, result: Result) -> None:
    """Ours on SQLite under both servers; the floor; the peers where they are installed."""
    pairs = _pairs(options, result)
    contenders: dict[str, Contender] = {
        "daphne": lambda: deployments.embedded("daphne", 2 * pairs),
        "uvicorn": lambda: deployments.embedded("uvicorn", 2 * pairs),
        "echo daphne": lambda: deployments.echo("daphne"),
        "echo uvicorn": lambda: deployments.echo("uvicorn"),
    }
    for name in ("ejabberd", "prosody"):
        if _installed(name, options, result):
            contenders[name] = _beside(name, pairs)
    rates = _in_turns(contenders, pairs, (10, 1), options, result)
    _compare(result, rates, 10, "daphne", "echo daphne", at_least=0.2)
    _compare(result, rates, 10, "uvicorn", "echo uvicorn")
    for window, server, peer, at_least in (
        (10, "daphne", "ejabberd", 4.0),
        (1, "daphne", "ejabberd", 2.0),
        (10, "uvicorn", "ejabberd", 4.5),
        (1, "uvicorn", "ejabberd", 2.3),
        (10, "daphne", "prosody", None),
        (10, "uvicorn", "prosody", None),
    ):
        _compare(result, rates, window, server, peer, at_least)


def grown_up(options: Options, result: Result) -> None:
    """PostgreSQL, Redis and one process of ours, all on the one core."""
    pairs = _pairs(options, result)
    with deployments.cluster(durable=options.measures) as cluster:

        def ours(server: str) -> Contender:
            return lambda: deployments.grown_up(cluster, server, accounts=2 * pairs)

        contenders: dict[str, Contender] = {server: ours(server) for server in options.servers}
        if _installed("ejabberd", options, result):
            contenders["ejabberd"] = lambda: peers.PEERS["ejabberd"](cluster, 2 * pairs)
        rates = _in_turns(contenders, pairs, (10, 1), options, result)
    _compare(result, rates, 10, "uvicorn", "ejabberd", 3.0)
    _compare(result, rates, 10, "daphne", "ejabberd", 2.5)


def _pairs(options: Options, result: Result) -> int:
    pairs = options.of(50, 50, 5)
    result.parameters |= {"pairs": pairs, "seconds": options.span.seconds, "warm-up": options.span.warm_up}
    return pairs


def _installed(peer: str, options: Options, result: Result) -> bool:
    why = peers.missing(peer) if options.measures else "not needed to see that the instrument works"
    if why:
        result.leave_out(f"{peer}: {why}")
    return not why


def _beside(peer: str, pairs: int) -> Contender:
    """The peer with a PostgreSQL of its own, which runs only as long as the peer does."""

    @contextmanager
    def running() -> Iterator[Deployment]:
        with deployments.cluster() as cluster, peers.PEERS[peer](cluster, 2 * pairs) as deployment:
            yield deployment

    return running


def _in_turns(
    contenders: dict[str, Contender], pairs: int, windows: tuple[int, ...], options: Options, result: Result
) -> Rates:
    """Each contender alone on the machine, one after the other, round after round."""
    rates: dict[tuple[str, int], list[float]] = {}
    for number in range(options.rounds):
        for name, contender in contenders.items():
            with contender() as deployment:
                for window in windows:
                    measured = uvloop.run(throughput(deployment, pairs, window, options.span))
                    rates.setdefault((name, window), []).append(measured.rate)
                    turn = {"round": number + 1} if options.rounds > 1 else {}
                    result.add({"server": deployment.label, **turn, "W": window, **measured.row()}, measured.faults)
    return {key: median(values) for key, values in rates.items()}


def _compare(result: Result, rates: Rates, window: int, ours: str, other: str, at_least: float | None = None) -> None:
    mine, theirs = rates.get((ours, window)), rates.get((other, window))
    if mine and theirs:
        result.compare(f"{ours} / {other}, W={window}", mine / theirs, at_least=at_least)
