"""What the checker says when an invariant does not hold."""

import json
from dataclasses import dataclass

from faults.journal import Entry

LONGEST = 400
"""Characters of each frame that a complaint shows."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One violation, with the entries of the journal that show it."""

    invariant: int
    what: str
    entries: tuple[Entry, ...] = ()

    def __str__(self) -> str:
        lines = [f"invariant {self.invariant}: {self.what}"]
        for entry in self.entries:
            frame = json.dumps(entry.frame, ensure_ascii=False)[:LONGEST]
            lines.append(f"    {entry.at:.3f} socket {entry.socket} {entry.kind} {frame}")
        return "\n".join(lines)
