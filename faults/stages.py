"""What campaigns run on: the ways in which the server is deployed, each made for one campaign."""

import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from faults.checker.facts import is_receipt
from faults.crowd import Crowd
from faults.journal import Journal
from faults.options import Options
from faults.report import Report
from tests import deployments
from tests.deployments import Deployment


@contextmanager
def embedded(kind: str, folder: Path | None = None, **environment: str) -> Iterator[Deployment]:
    """SQLite and one process of daphne or uvicorn."""
    deployment = deployments.own(kind, on=folder, **environment)
    try:
        yield deployment
    finally:
        deployment.stop()


@contextmanager
def grown_up() -> Iterator[Deployment]:
    """PostgreSQL, Redis and two processes of uvicorn."""
    deployment = deployments.grown_up(f"grown-up-{uuid.uuid4().hex}")
    try:
        yield deployment
    finally:
        deployment.stop()


async def play(
    deployment: Deployment,
    options: Options,
    trouble: Callable[[Crowd], Awaitable[None]],
    urls: list[str] | None = None,
    *,
    calmly: bool = False,
) -> Journal:
    """A crowd on a deployment while `trouble` happens; its journal. `calmly` leaves most of the machine to others."""
    places = urls or [server.url for server in deployment.servers]
    # In the short form servers have to start again beside the crowd, perhaps on a single core.
    crowd = Crowd(deployment.alias, places, options.seed, pace=0.15 if calmly or options.smoke else 0.04)

    async def happens() -> None:
        await trouble(crowd)

    return await crowd.live(happens)


def forgiving(journal: Journal) -> Journal:
    """The journal of a campaign in which hints between processes may be lost at any time: storage is judged in full."""
    ends = [entry.at for entry in journal.entries]
    journal.hints_lost.append((ends[0], ends[-1]))
    return journal


def check_receipts_went_on(journal: Journal, report: Report) -> None:
    """Receipts must have come while hints were lost, too."""
    for begin, end in journal.hints_lost:
        receipts = sum(is_receipt(entry) and begin <= entry.at <= end for entry in journal.entries)
        report.expect(receipts > 0, f"no receipt came in the {end - begin:.0f} s in which Redis was away")
