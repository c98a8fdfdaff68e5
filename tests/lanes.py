"""`python -m tests.lanes`: the whole suite in half the time, on two cores, since much of it is waiting.

Each lane is a run of `manage.py test` for some of the deployments, with servers of its own. Tests with a browser are of
none: a lane that is done with its own takes of them what nobody has taken yet, so that all end at about the same time.
What follows on the command line is handed to each.
"""

import asyncio
import re
import sys
import tempfile
import time
from typing import NamedTuple

from tests.services import ROOT

LANES = (("none",), ("daphne",), ("uvicorn",), ("grown-up",))
"""Which deployments' tests run in which lane; `none` are those that need no shared servers."""

RAN = re.compile(rb"^Ran (\d+) tests? in", re.MULTILINE)


class End(NamedTuple):
    """What came of a lane."""

    status: int
    ran: int
    """How many tests."""
    seconds: float


async def _lane(number: int, claims: str, arguments: list[str]) -> End:
    """Run one lane and show what it says."""
    began = time.monotonic()
    command = [sys.executable, "manage.py", "test", "--lane", str(number), "--claims", claims, *arguments]
    program = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert program.stdout is not None
    said = b""
    while chunk := await program.stdout.read(65_536):
        said += chunk
        sys.stdout.buffer.write(chunk)
        sys.stdout.flush()
    return End(await program.wait(), sum(int(ran) for ran in RAN.findall(said)), time.monotonic() - began)


async def _run(arguments: list[str]) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as claims:
        ends = await asyncio.gather(*(_lane(number, claims, arguments) for number in range(1, len(LANES) + 1)))
    red = [number for number, end in enumerate(ends, start=1) if end.status]
    result = f"lane {' and lane '.join(map(str, red))} failed" if red else "OK"
    took = ", ".join(f"{end.seconds:.0f}" for end in ends)
    print(f"{sum(end.ran for end in ends):,} tests in {time.monotonic() - began:.0f} s ({took}): {result}")  # noqa: T201
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_run(sys.argv[1:])))
