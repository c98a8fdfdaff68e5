"""`python -m tests.lanes`: the whole suite in half the time, on two cores, since much of it is waiting.

Each lane is a run of `manage.py test` for some of the deployments, with servers of its own. What follows on the command
line is handed to each.
"""

import asyncio
import re
import sys
import time

from tests.services import ROOT

LANES = (("none",), ("daphne",), ("uvicorn",), ("grown-up",))
"""Which deployments' tests run in which lane; `none` are those that need no shared servers."""

RAN = re.compile(rb"^Ran (\d+) tests? in", re.MULTILINE)


async def _lane(number: int, arguments: list[str]) -> tuple[int, int]:
    """Run one lane and show what it says; its exit status and how many tests it ran."""
    command = [sys.executable, "manage.py", "test", "--lane", str(number), *arguments]
    program = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert program.stdout is not None
    said = b""
    while chunk := await program.stdout.read(65_536):
        said += chunk
        sys.stdout.buffer.write(chunk)
        sys.stdout.flush()
    return await program.wait(), sum(int(ran) for ran in RAN.findall(said))


async def _run(arguments: list[str]) -> int:
    began = time.monotonic()
    ends = await asyncio.gather(*(_lane(number, arguments) for number in range(1, len(LANES) + 1)))
    red = [number for number, (status, _) in enumerate(ends, start=1) if status]
    result = f"lane {' and lane '.join(map(str, red))} failed" if red else "OK"
    print(f"{sum(ran for _, ran in ends):,} tests in {time.monotonic() - began:.0f} s: {result}")  # noqa: T201
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_run(sys.argv[1:])))
