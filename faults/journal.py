"""What the clients of a campaign saw: every frame sent and heard, by socket, with its time. The checker reads nothing
else."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Frame = dict[str, Any]
Kind = Literal["opened", "sent", "heard", "closed"]


@dataclass(slots=True)
class Entry:
    """Something that one socket saw. `at` is in seconds of a clock that is never set."""

    at: float
    socket: int
    kind: Kind
    frame: Frame = field(default_factory=dict)
    """What was sent or heard; of a `closed` entry the close code, of an `opened` one nothing."""
    bad: bool = False
    """The frame was made to be refused; its text stands under `text`."""

    @property
    def query(self) -> str:
        return str(self.frame.get("query", ""))

    @property
    def data(self) -> Frame:
        data = self.frame.get("data")
        return data if isinstance(data, dict) else {}


@dataclass(slots=True)
class Socket:
    """One connection of a campaign, and who used it."""

    number: int
    app: str
    account: str


@dataclass(slots=True)
class Fresh:
    """What an account found that signed in when all was over: its whole list, every history, and the total."""

    app: str
    account: str
    users: list[Frame]
    histories: dict[str, list[Frame]]
    total: int


@dataclass(slots=True)
class Level:
    """How much of something a server held before the crowd came and after it had gone."""

    what: str
    before: float
    after: float
    allowed: float
    """By how much it may have grown."""


@dataclass
class Journal:
    """Everything that a campaign saw, in the order of time."""

    sockets: list[Socket] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    fresh: list[Fresh] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)
    hints_lost: list[tuple[float, float]] = field(default_factory=list)
    """From when to when deliveries to sockets may have been lost, since their layer was broken on purpose."""
    hints_late: list[tuple[float, float]] = field(default_factory=list)
    """From when to when what joins the processes stood still, so that what it holds comes after what is newer."""

    def socket(self, app: str, account: str) -> int:
        """A new socket's number."""
        number = len(self.sockets)
        self.sockets.append(Socket(number, app, account))
        return number

    def of(self, socket: int) -> Iterator[Entry]:
        """What one socket saw."""
        return (entry for entry in self.entries if entry.socket == socket)

    def write(self, file: Path) -> None:
        """Keep it, one line of JSON for each entry."""
        with file.open("w") as lines:
            for kind in ("sockets", "entries", "fresh", "levels", "hints_lost", "hints_late"):
                for item in getattr(self, kind):
                    content = item if isinstance(item, tuple) else asdict(item)
                    lines.write(json.dumps({kind: content}, ensure_ascii=False) + "\n")

    @classmethod
    def read(cls, file: Path) -> "Journal":
        """One that was kept."""
        journal = cls()
        makers = {"sockets": Socket, "entries": Entry, "fresh": Fresh, "levels": Level}
        with file.open() as lines:
            for line in lines:
                ((kind, content),) = json.loads(line).items()
                made = tuple(content) if kind in ("hints_lost", "hints_late") else makers[kind](**content)
                getattr(journal, kind).append(made)
        return journal
