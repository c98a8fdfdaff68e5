"""`calm`: the crowd alone. `clock`: the server's clock jumps back while it talks."""

import asyncio
from pathlib import Path

from faults import stages
from faults.crowd import Crowd
from faults.inside import clock as clocks
from faults.options import Options
from faults.report import Report

AN_HOUR = -3600
INSIDE = Path(clocks.__file__).parent


def run(options: Options, report: Report) -> None:
    seconds = options.of(30.0, 6.0)

    async def talk(crowd: Crowd) -> None:
        await asyncio.sleep(seconds)

    for kind in ("daphne", "uvicorn"):
        with stages.embedded(kind) as deployment:
            report.judge(kind, asyncio.run(stages.play(deployment, options, talk)))
    with stages.grown_up() as deployment:
        report.judge("grown-up", asyncio.run(stages.play(deployment, options, talk)))


def clock(options: Options, report: Report) -> None:
    """The server runs with a clock of the test's own, which reads its offset from a file."""
    for kind in options.of(("daphne", "uvicorn"), ("uvicorn",)):
        with stages.embedded(kind, None, PYTHONPATH=str(INSIDE), **{clocks.VARIABLE: "offset"}) as deployment:
            offset = deployment.folder / "offset"

            async def set_back(crowd: Crowd, offset: Path = offset) -> None:
                await asyncio.sleep(3)
                offset.write_text(str(AN_HOUR))
                await asyncio.sleep(options.of(10.0, 3.0))

            journal = asyncio.run(stages.play(deployment, options, set_back))
            report.judge(kind, journal, **{"clock set back s": -AN_HOUR})
            times = [item["created_at"] for f in journal.fresh for items in f.histories.values() for item in items]
            report.expect(times != sorted(times), "the clock was never set back: the campaign shows nothing")
