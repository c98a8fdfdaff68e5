"""What a scenario found, kept for the document."""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.table import Row
from faults.checker import check
from faults.journal import Journal
from tests.services import ROOT

FOLDER = ROOT / "faults" / "results"
SHOWN = 10
"""Complaints that are shown of each campaign."""


@dataclass
class Report:
    """Rows of a table, one for each campaign, and every complaint."""

    scenario: str
    seed: int
    about: dict[str, Any] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def judge(self, deployment: str, journal: Journal, **further: Any) -> None:
        """Have the checker judge a campaign; a journal with complaints is kept beside the results."""
        complaints = [str(complaint) for complaint in check(journal)]
        row: Row = {
            "deployment": deployment,
            "seed": self.seed,
            "frames": len(journal.entries),
            "messages": sum(len(items) for fresh in journal.fresh for items in fresh.histories.values()) // 2,
            "connections": len(journal.sockets),
            **further,
            "complaints": len(complaints),
        }
        self.add(row, complaints)
        if complaints:
            FOLDER.mkdir(parents=True, exist_ok=True)
            file = FOLDER / f"{self.scenario}-{deployment}-{self.seed}.jsonl"
            journal.write(file)
            say(f"  the journal is kept in {file}")

    def add(self, row: Row, complaints: list[str]) -> None:
        """A campaign's row, and what is wrong."""
        self.rows.append(row)
        say("  " + "  ".join(f"{title}: {cell}" for title, cell in row.items()))
        for complaint in complaints[:SHOWN]:
            say(f"  {complaint}")
        if len(complaints) > SHOWN:
            say(f"  … and {len(complaints) - SHOWN} more")
        self.complaints += complaints[:SHOWN]

    def expect(self, holds: bool, otherwise: str) -> None:
        """Complain unless it holds."""
        if not holds:
            self.complaints.append(otherwise)
            say(f"  {otherwise}")

    def write(self, *, add: bool = False) -> None:
        """Keep it as JSON, in place of the scenario's last one or, as a further piece, together with that."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        file = FOLDER / f"{self.scenario}.json"
        if add and file.exists():
            before = Report.read(file)
            self.rows, self.complaints = before.rows + self.rows, before.complaints + self.complaints
            self.about["took s"] += before.about["took s"]
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        file.write_text(text + "\n")

    @classmethod
    def read(cls, file: Path) -> "Report":
        return cls(**json.loads(file.read_text()))


def say(text: str) -> None:
    """Tell whoever waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
