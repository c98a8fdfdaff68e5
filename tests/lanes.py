"""`python -m tests.lanes`: the whole suite in half the time, on two cores, since much of it is waiting.

Each lane is a run of `manage.py test` for some of the deployments, with servers of its own. What follows on the command
line is handed to each.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from typing import IO

from tests.services import ROOT

LANES = (("browser",), ("none",), ("daphne",), ("uvicorn",), ("grown-up",), ("own",))
"""Which deployments' tests run in which lane; `none` are those that need none of them, `browser` open pages, and
`own` start a server with settings of its own."""

RAN = re.compile(rb"^Ran (\d+) tests? in", re.MULTILINE)


class Lane:
    """One run of tests, in a process group of its own."""

    def __init__(self, number: int, arguments: list[str]) -> None:
        self.number = number
        self._said = b""
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "test", "--lane", str(number), *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self._reader = threading.Thread(target=self._show, args=(self._process.stdout,))
        self._reader.start()

    def _show(self, output: IO[bytes]) -> None:
        while chunk := os.read(output.fileno(), 65_536):
            self._said += chunk
            sys.stdout.buffer.write(chunk)
            sys.stdout.flush()

    def end(self) -> int:
        """The exit status, once it has ended."""
        status = self._process.wait()
        self.kill()
        self._reader.join()
        return status

    def kill(self) -> None:
        """End what is left of it: a server that outlived its test would keep the output open, and us waiting."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    @property
    def ran(self) -> int:
        """How many tests it ran."""
        return sum(int(ran) for ran in RAN.findall(self._said))


def _run(arguments: list[str]) -> int:
    began = time.monotonic()
    lanes = [Lane(number, arguments) for number in range(1, len(LANES) + 1)]
    try:
        red = [lane.number for lane in lanes if lane.end()]
    finally:
        for lane in lanes:
            lane.kill()
    result = f"lane {' and lane '.join(map(str, red))} failed" if red else "OK"
    print(f"{sum(lane.ran for lane in lanes):,} tests in {time.monotonic() - began:.0f} s: {result}")  # noqa: T201
    return 1 if red else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(_run(sys.argv[1:]))
