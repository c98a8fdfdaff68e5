"""Writes what was found into the document, each scenario's tables between marks of its own."""

import re
from collections.abc import Iterable
from pathlib import Path

from bench.results import Result
from tests.services import ROOT

DOCUMENT = ROOT / "docs" / "performance.md"


def written(text: str, results: Iterable[Result]) -> str:
    """The document with the tables of these results in place of those that it had."""
    for result in results:
        begin, end = marks(result.scenario)
        tables = f"{begin}\n\n{_circumstances(result)}\n\n{result.tables()}\n\n{end}"
        place = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
        if not place.search(text):
            raise ValueError(f"the document has no place for {result.scenario}")
        text = place.sub(lambda _, tables=tables: tables, text)  # type: ignore[misc]  # bound, since it is a loop
    return text


def marks(scenario: str) -> tuple[str, str]:
    """What stands before and after the tables of a scenario."""
    return f"<!-- results: {scenario} -->", f"<!-- end of results: {scenario} -->"


def write(folder: Path, document: Path = DOCUMENT) -> list[str]:
    """Bring the document up to date with all results in the folder; their scenarios."""
    results = [Result.read(file) for file in sorted(folder.glob("*.json"))]
    document.write_text(written(document.read_text(), results))
    return [result.scenario for result in results]


def _circumstances(result: Result) -> str:
    about = result.about
    parameters = ", ".join(f"{name} {value}" for name, value in result.parameters.items())
    return (
        f"{about['date']}, commit {about['commit']}, {about['processor']}, load average {about['load average']} "
        f"at the start{'; ' if parameters else ''}{parameters}."
    )
