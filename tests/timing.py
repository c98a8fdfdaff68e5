"""Which tests take long, and which do not end."""

import asyncio
import faulthandler
import os
import sys
import threading
import time
import unittest
from collections import defaultdict
from typing import Any

SLOWEST = 10
"""How many classes are named at the end of a run."""
LONGEST = 300
"""Seconds after which whatever the run does without another test's beginning counts as hanging."""


class Timed(unittest.TextTestResult):
    """Says at the end which classes of tests took longest, with what was started for them.

    A run that hangs, in a test or in what is ended behind the last one, is ended itself, and says where it stood.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._since = time.monotonic()
        self._patience: threading.Timer | None = None

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().startTest(test)
        if self._patience is not None:
            self._patience.cancel()
        self._patience = threading.Timer(LONGEST, _give_up, [test])
        self._patience.daemon = True
        self._patience.start()
        faulthandler.dump_traceback_later(LONGEST + 10, exit=True)  # where no other thread has its turn any more

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().stopTest(test)
        now = time.monotonic()
        deployment = f" [{name}]" if (name := getattr(test, "deployment_name", "")) else ""
        self._seconds[f"{type(test).__module__}.{type(test).__qualname__}{deployment}"] += now - self._since
        self._since = now

    def printErrors(self) -> None:  # noqa: N802
        super().printErrors()
        if self.testsRun > SLOWEST:
            for where, seconds in sorted(self._seconds.items(), key=lambda item: -item[1])[:SLOWEST]:
                self.stream.write(f"{seconds:6.1f} s  {where}\n")


def _give_up(test: unittest.TestCase) -> None:
    """End the run that has come no further than this test, or what was to be ended behind it."""
    sys.stderr.write(f"\nNothing after {test.id()} began within {LONGEST} s.\n")
    runner = getattr(test, "_asyncioRunner", None)  # where unittest keeps the loop of an asynchronous test
    for task in asyncio.all_tasks(runner.get_loop()) if runner is not None else ():
        task.print_stack(file=sys.stderr)
    faulthandler.dump_traceback()
    sys.stderr.flush()
    os._exit(1)
