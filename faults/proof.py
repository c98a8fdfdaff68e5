"""`defects`: whether campaigns notice what is wrong with servers that have a defect each, put in on purpose."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults.inside import defects
from faults.options import Options
from faults.report import Report, say
from faults.scenarios import SCENARIOS

INSIDE = Path(defects.__file__).parent
LONGEST = 110
"""Letters of a complaint that the table shows."""
_APP = re.compile(r"\b[0-9a-f]{32}\b")
"""Apps are made up for each run."""


def run(options: Options, report: Report) -> None:
    """The short form of each scenario, on servers with its defect; only that it notices nothing is complained of."""
    for name, defect in defects.DEFECTS.items():
        say(f"  {name}: {defect.about}")
        found = Report(name, options.seed)
        with _planted(name):
            SCENARIOS[name].run(Options(options.seed, defect.rounds, smoke=True), found)
        first = found.complaints[0].partition("\n")[0] if found.complaints else "none"
        report.add({"scenario": name, "defect": defect.about, "first complaint": _APP.sub("…", first)[:LONGEST]}, [])
        report.expect(bool(found.complaints), f"{name} did not notice that {defect.about}")


@contextmanager
def _planted(name: str) -> Iterator[None]:
    """Servers that start meanwhile have the defect."""
    before = dict(os.environ)
    os.environ |= {defects.VARIABLE: name, "PYTHONPATH": str(INSIDE)}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
