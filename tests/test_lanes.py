"""Lanes of tests take what nobody has taken yet, and each test is run once."""

import tempfile
import unittest
from pathlib import Path
from typing import ClassVar

from tests.runner import Claimed


class TestsThatTwoLanesHave(unittest.TestCase):
    ran: ClassVar[list[str]] = []

    class Short(unittest.TestCase):
        def test_one(self) -> None:
            TestsThatTwoLanesHave.ran.append("short")

    class Long(unittest.TestCase):
        def test_one(self) -> None:
            TestsThatTwoLanesHave.ran.append("long, one")

        def test_two(self) -> None:
            TestsThatTwoLanesHave.ran.append("long, two")

    def setUp(self) -> None:
        self.ran.clear()
        self.claims = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def lane(self) -> unittest.TestResult:
        """What a lane runs that comes now."""
        tests = Claimed([self.Short("test_one"), self.Long("test_one"), self.Long("test_two")], self.claims)
        return tests.run(unittest.TestResult())

    def test_are_run_by_the_first_that_comes_to_them(self) -> None:
        self.assertEqual([self.lane().testsRun for _ in range(2)], [3, 0])

    def test_are_left_to_who_has_them_already(self) -> None:
        (self.claims / f"{self.Long.__module__}.{self.Long.__qualname__}").mkdir()
        self.lane()
        self.assertEqual(self.ran, ["short"])

    def test_begin_with_the_longest_class(self) -> None:
        self.lane()
        self.assertEqual(self.ran, ["long, one", "long, two", "short"])
