"""Writes what was found into the document, each scenario's table between marks of its own."""

import re
from collections.abc import Iterable
from pathlib import Path

from bench.report import marks
from bench.table import lines
from faults.report import FOLDER, Report
from tests.services import ROOT

DOCUMENT = ROOT / "docs" / "reliability.md"


def written(text: str, reports: Iterable[Report]) -> str:
    """The document with the tables of these reports in place of those that it had."""
    for report in reports:
        begin, end = marks(report.scenario)
        place = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
        if not place.search(text):
            raise ValueError(f"the document has no place for {report.scenario}")
        found = f"{begin}\n\n{_circumstances(report)}\n\n" + "\n".join(lines(report.rows)) + f"\n\n{end}"
        text = place.sub(lambda _, found=found: found, text)  # type: ignore[misc]  # bound, since it is a loop
    return text


def write(folder: Path = FOLDER, document: Path = DOCUMENT) -> list[str]:
    """Bring the document up to date with all reports in the folder; their scenarios."""
    reports = [Report.read(file) for file in sorted(folder.glob("*.json"))]
    document.write_text(written(document.read_text(), reports))
    return [report.scenario for report in reports]


def _circumstances(report: Report) -> str:
    about = report.about
    place = f"{about['date']}, commit {about['commit']}, {about['cores']} cores of {about['processor']}"
    repeat = f"`python -m faults {report.scenario}`"
    verdict = f"**{len(report.complaints)} complaints.**" if report.complaints else "Nothing to complain of."
    return f"{place}; {repeat}, {about['took s']} s. {verdict}"
