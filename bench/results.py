"""What a scenario found, with everything that one must know to repeat it."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.table import Row, lines
from tests.services import ROOT

FOLDER = ROOT / "bench" / "results"


@dataclass
class Result:
    """Rows of one table, comparisons between them, and what went wrong. Says what it gets as it gets it."""

    scenario: str
    about: dict[str, Any]
    parameters: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    comparisons: list[Row] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, row: Row, faults: Iterable[str] = ()) -> None:
        """A row of the table, and the reasons for which it is not to be believed."""
        self.rows.append(row)
        say("  " + "  ".join(f"{title}: {cell}" for title, cell in row.items()))
        for fault in faults:
            self.faults.append(fault)
            say(f"  FAULT {fault}")

    def compare(self, what: str, value: float, *, at_least: float | None = None, at_most: float | None = None) -> None:
        """Hold a figure against what it must reach, if there is such a bound."""
        reached = None if at_least is None and at_most is None else True
        wanted = ""
        if at_least is not None:
            wanted, reached = f"≥ {at_least:g}", value >= at_least
        elif at_most is not None:
            wanted, reached = f"≤ {at_most:g}", value <= at_most
        self.comparisons.append({"what": what, "value": round(value, 3), "must be": wanted, "reached": reached})

    def leave_out(self, why: str) -> None:
        """Something that can't be measured here."""
        self.left_out.append(why)
        say(f"  left out: {why}")

    def tables(self) -> str:
        """Everything as Markdown."""
        blocks = [lines(table) for table in (self.rows, self.comparisons) if table]
        blocks += [[f"- {note}" for note in notes] for notes in (self.faults, self.left_out) if notes]
        return "\n\n".join("\n".join(block) for block in blocks)

    def write(self, folder: Path = FOLDER) -> Path:
        """Keep it as JSON, in place of the scenario's last result."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.scenario}.json"
        file.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n")
        return file

    @classmethod
    def read(cls, file: Path) -> "Result":
        return cls(**json.loads(file.read_text()))


def say(text: str) -> None:
    """Tell whoever waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
