"""The benchmark's own arithmetic, its tables and the document that they go into."""

import tempfile
from pathlib import Path
from typing import ClassVar

from django.test import SimpleTestCase

from bench import processes, report
from bench.figures import milliseconds, quantile
from bench.results import Result
from bench.scenarios import SCENARIOS
from bench.table import lines


def result(scenario: str = "pairs") -> Result:
    """A result with one row."""
    about = {"date": "2024-04-16", "commit": "abc", "processor": "a fast one", "load average": 0.1}
    return Result(scenario, about, {"pairs": 50}, rows=[{"server": "daphne", "messages/s": 12345}])


class Quantiles(SimpleTestCase):
    def test_are_values_that_were_measured(self) -> None:
        self.assertEqual([quantile([1, 2, 3, 4], share) for share in (0.5, 0.75, 0.99)], [2, 3, 4])

    def test_of_one_value_are_that_value(self) -> None:
        self.assertEqual([quantile([7], share) for share in (0.0, 0.5, 1.0)], [7, 7, 7])

    def test_of_a_hundred_values_leave_one_above_the_99th(self) -> None:
        self.assertEqual(quantile(range(1, 101), 0.99), 99)

    def test_are_in_milliseconds_whatever_the_order(self) -> None:
        self.assertEqual(milliseconds([0.003, 0.001, 0.002], 0.5), 2.0)

    def test_of_nothing_are_nothing(self) -> None:
        self.assertIsNone(milliseconds([], 0.5))


class Tables(SimpleTestCase):
    def test_have_a_column_for_every_title_and_figures_on_the_right(self) -> None:
        rows = lines([{"server": "daphne", "W": 1}, {"server": "uvicorn", "W": 10, "p99 ms": 1.5}])
        self.assertEqual(
            rows,
            [
                "| server  |  W | p99 ms |",
                "| ------- | -: | -----: |",
                "| daphne  |  1 |      – |",
                "| uvicorn | 10 |    1.5 |",
            ],
        )

    def test_show_large_figures_whole_and_truths_as_words(self) -> None:
        self.assertEqual(lines([{"rate": 12345.6, "reached": True}])[-1], "| 12,346 |     yes |")


class Comparisons(SimpleTestCase):
    def test_say_whether_a_bound_is_reached(self) -> None:
        found = result()
        found.compare("enough", 4.0, at_least=4)
        found.compare("too slow", 6.5, at_most=6)
        found.compare("only told", 1.0)
        self.assertEqual([row["reached"] for row in found.comparisons], [True, False, None])
        self.assertEqual([row["must be"] for row in found.comparisons], ["≥ 4", "≤ 6", ""])


class Results(SimpleTestCase):
    def test_are_the_same_when_read_again(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(Result.read(result().write(Path(folder))), result())


class TheReport(SimpleTestCase):
    text = "Before.\n<!-- results: pairs -->\nold\n<!-- end of results: pairs -->\nAfter.\n"

    def test_puts_tables_between_the_marks_and_leaves_the_rest(self) -> None:
        written = report.written(self.text, [result()])
        self.assertTrue(written.startswith("Before.\n"))
        self.assertTrue(written.endswith("\nAfter.\n"))
        self.assertIn("| daphne |     12,345 |", written)
        self.assertNotIn("old", written)

    def test_may_be_written_again(self) -> None:
        once = report.written(self.text, [result()])
        self.assertEqual(report.written(once, [result()]), once)

    def test_shows_what_went_wrong(self) -> None:
        spoilt = result()
        spoilt.faults.append("3 refused")
        self.assertIn("- 3 refused", report.written(self.text, [spoilt]))

    def test_refuses_a_result_without_a_place(self) -> None:
        with self.assertRaises(ValueError):
            report.written(self.text, [result("idle")])

    def test_has_a_place_for_every_scenario_in_the_document(self) -> None:
        text = report.DOCUMENT.read_text()
        for name in SCENARIOS:
            with self.subTest(scenario=name):
                self.assertIn(f"`{name}`", text)
                report.written(text, [result(name)])


class WhatProgramsTake(SimpleTestCase):
    """Of the processes that these fields of /proc describe: 1, its child 2, and a stranger 3."""

    stats: ClassVar = {
        pid: ["S", str(parent), *["0"] * 9, "100", "50", "20", "10"] for pid, parent in ((1, 0), (2, 1), (3, 0))
    }

    def test_counts_children_and_those_that_have_ended(self) -> None:
        self.assertEqual(processes.ticks([1], self.stats), 2 * (100 + 50 + 20 + 10))

    def test_counts_nothing_twice(self) -> None:
        self.assertEqual(processes.ticks([1, 2], self.stats), processes.ticks([1], self.stats))
