"""Sets of questions with the ways in which shoppers ask them: JSON lines of `question`, `answer` and `queries`.

A line whose `question` is null holds what no shop of the set answers.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from operator import itemgetter
from pathlib import Path

import msgspec

from robots.finding.index import Entry, Index
from robots.finding.memory import Memory
from robots.finding.teaching import Teaching


class Line(msgspec.Struct, frozen=True):
    """One line of a set."""

    question: str | None
    answer: str | None = None
    queries: tuple[str, ...] = ()


@dataclass(frozen=True)
class EvaluationSet:
    """A shop's questions, and the sentences with the place of the question that each means, or None."""

    lines: tuple[Line, ...]
    name: str

    def entries(self) -> list[Entry]:
        answered = [line for line in self.lines if line.question is not None]
        return [Entry(place, line.question or "", line.answer or "") for place, line in enumerate(answered)]

    def alone(self, owners: Collection[int], *, hears: Collection[int] | None = None) -> "EvaluationSet":
        """The same shop with these questions and no others: what others are asked, all or `hears`, is unknown to it."""
        answered = [line for line in self.lines if line.question is not None]
        kept = [line for place, line in enumerate(answered) if place in owners]
        others = [
            line for place, line in enumerate(answered) if place not in owners and (hears is None or place in hears)
        ]
        return EvaluationSet(
            (*kept, Line(None, queries=tuple(query for line in others for query in line.queries))), self.name
        )

    def index(self, taught: Teaching | None = None, memory: Memory | None = None) -> Index:
        """The shop's index, by what other sets teach; without `taught`, by what comes with the server."""
        return Index(self.entries(), taught=taught, memory=memory)

    def sentences(self) -> Iterator[tuple[str, int | None]]:
        place = 0
        for line in self.lines:
            owner = None if line.question is None else place
            place += line.question is not None
            yield from ((query, owner) for query in line.queries)


def digest(sets: Iterable[EvaluationSet]) -> str:
    """What tells these sets from any others, in whatever order."""
    return sha256(
        msgspec.json.encode(sorted(((each.name, each.lines) for each in sets), key=itemgetter(0)))
    ).hexdigest()


def read_set(path: Path) -> EvaluationSet:
    """Read a set; `ValueError` names the first line that has not its form."""
    lines = []
    for number, text in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if text.strip():
            try:
                lines.append(msgspec.json.decode(text, type=Line))
            except msgspec.DecodeError as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from error
    return EvaluationSet(tuple(lines), path.stem)
