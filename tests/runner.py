"""The test runner: every socket test runs on every deployment, and what was started is stopped."""

import argparse
import logging
import os
import unittest
from collections.abc import Iterator
from typing import Any

from django.test.runner import DiscoverRunner

from tests import browser, deployments
from tests.browser import BrowserTest
from tests.case import OwnServerTest, SocketTest
from tests.chromium import missing_for_browsers
from tests.javascript.tools import missing_for_javascript
from tests.lanes import LANES
from tests.nginx import missing_for_nginx
from tests.timing import Timed


class Runner(DiscoverRunner):
    """Used by `manage.py test`."""

    def __init__(self, *args: Any, lane: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lane = LANES[lane - 1] if lane else sum(LANES, ())

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        lanes = range(1, len(LANES) + 1)
        parser.add_argument(
            "--lane", type=int, choices=lanes, help="Run the tests of this lane alone (tests/lanes.py)."
        )

    def get_resultclass(self) -> type[unittest.TextTestResult]:
        return super().get_resultclass() or Timed

    def setup_test_environment(self, **kwargs: Any) -> None:
        super().setup_test_environment(**kwargs)
        # The tests themselves are coroutines that arrange and check data while nothing else happens in their process.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        # Starting a deployment within a test takes seconds, of which asyncio's debug mode would warn.
        logging.getLogger("asyncio").setLevel(logging.ERROR)

    def build_suite(self, *args: Any, **kwargs: Any) -> unittest.TestSuite:
        suite = super().build_suite(*args, **kwargs)
        # Those with a browser come behind all others (tests/browser.py says why).
        by_deployment: dict[str, list[unittest.TestCase]] = {
            name: [] for name in ("none", *deployments.START, "own", "browser")
        }
        for test in _flat(suite):
            if isinstance(test, SocketTest):
                for name in test.deployments or deployments.START:
                    of_its_own = isinstance(test, OwnServerTest) and name != "grown-up"
                    by_deployment["own" if of_its_own else name].append(test.on(name))
            else:
                by_deployment["browser" if isinstance(test, BrowserTest) else "none"].append(test)
        missing = deployments.missing_for_grown_up()
        programs = (missing, missing_for_nginx(), missing_for_browsers(), missing_for_javascript())
        wanted = " and ".join(filter(None, programs))
        if wanted and os.environ.get("CI"):
            raise RuntimeError(f"the whole suite needs {wanted}, and CI must not skip any of it")
        if wanted:
            self.log(f"Tests that need {wanted} are skipped: not installed here.")
        if missing:
            for test in by_deployment["grown-up"]:
                assert isinstance(test, SocketTest)
                test.why_skipped = f"{missing} is not installed"
        if laneless := by_deployment.keys() - set(sum(LANES, ())):
            raise RuntimeError(f"no lane runs the tests of {laneless}")
        chosen = [test for name, tests in by_deployment.items() if name in self._lane for test in tests]
        return unittest.TestSuite(chosen)

    def teardown_test_environment(self, **kwargs: Any) -> None:
        browser.stop()
        deployments.stop_all()
        super().teardown_test_environment(**kwargs)


def _flat(suite: unittest.TestSuite | unittest.TestCase) -> Iterator[unittest.TestCase]:
    if isinstance(suite, unittest.TestSuite):
        for test in suite:
            yield from _flat(test)
    else:
        yield suite
