"""What was measured, in `docs/pages.md`."""

from typing import Any

from bench.pages.measure import SLOWER
from tests.services import ROOT

DOCUMENT = ROOT / "docs" / "pages.md"
BEGINNING, END = "<!-- measured -->\n", "<!-- until here -->\n"


def write(rows: list[tuple[str, str]], on: dict[str, Any]) -> None:
    """Put the rows in place of those of the last time; `on` is what `machine.about` said before."""
    before, _, rest = DOCUMENT.read_text().partition(BEGINNING)
    _, _, after = rest.partition(END)
    table = "".join(f"| {what} | {came} |\n" for what, came in rows)
    place = f"{on['processor']}, {on['cores']} cores, load average {on['load average']:.2f} before the browser started"
    text = f"| In a Chromium {SLOWER} times slower than this machine | |\n|---|---|\n{table}\n{on['date']}, {place}.\n"
    DOCUMENT.write_text(before + BEGINNING + text + END + after)
