"""The examples of the documents: who says and hears what, and whether what was heard is what is written there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

ROOT = Path(__file__).resolve().parent.parent
IDS = ("id", "message_id")
TIMES = ("created_at", "last_time")
_FENCE = re.compile(r"^```(?P<words>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^(?P<socket>\S+) (?P<way>[→←]) ", re.MULTILINE)
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_NAMED_ID = re.compile(r'("(?:start_id|after_id|message_id)":\s*)(\d+)')


class Block(NamedTuple):
    """A fenced block: the words behind the fence, its text, and the line on which it begins."""

    words: list[str]
    text: str
    line: int


class Line(NamedTuple):
    """What one socket sends, as it stands, or what it hears."""

    socket: str
    sends: bool
    text: str


@dataclass(frozen=True)
class Scene:
    """One example: its lines in order. `words` stand behind `chat` on the fence; `place` is where it is written."""

    place: str
    words: list[str]
    lines: list[Line]

    @property
    def sockets(self) -> list[str]:
        """The sockets in the order of their appearance."""
        return list(dict.fromkeys(line.socket for line in self.lines))

    def begins_with_greeting(self, socket: str) -> bool:
        """Whether the socket opens within the scene; all others are signed in before it begins."""
        first = next(line for line in self.lines if line.socket == socket)
        return not first.sends and '"query":"connect"' in first.text


def blocks(path: Path) -> Iterator[Block]:
    """The fenced blocks of a Markdown file."""
    text = path.read_text()
    for found in _FENCE.finditer(text):
        yield Block(found["words"].split(), found["text"], text.count("\n", 0, found.start()) + 1)


def scenes(path: Path) -> list[Scene]:
    """The blocks that show a conversation: those whose fence says `chat`."""
    return [
        Scene(f"{path.name}:{block.line}", block.words[1:], list(_lines(block.text)))
        for block in blocks(path)
        if block.words[:1] == ["chat"]
    ]


def _lines(text: str) -> Iterator[Line]:
    starts = list(_LINE.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    for start, end in zip(starts, ends, strict=True):
        yield Line(start["socket"], start["way"] == "→", text[start.end() : end].strip())


class Ids:
    """Which id of the server's stands for an id of the document. Both grow in the same order."""

    def __init__(self) -> None:
        self._real: dict[int, int] = {}

    def same(self, written: int, real: int) -> bool:
        """Whether the two name one message; what is seen first is believed if it is in order."""
        if written in self._real:
            return self._real[written] == real
        self._real[written] = real
        known = sorted(self._real.items())
        return [number for _, number in known] == sorted(set(self._real.values()))

    def in_request(self, text: str) -> str:
        """The request with the server's ids in place of the document's."""
        return _NAMED_ID.sub(lambda found: found[1] + str(self._real[int(found[2])]), text)


def differences(written: Any, heard: Any, ids: Ids, path: str = "$") -> Iterator[str]:
    """How what was heard differs from what is written; ids and times may differ as long as they mean the same."""
    key = path.rpartition(".")[2]
    if isinstance(written, dict) and isinstance(heard, dict):
        if written.keys() != heard.keys():
            yield f"{path}: keys {sorted(written)} are written, {sorted(heard)} were heard"
            return
        for name, value in written.items():
            yield from differences(value, heard[name], ids, f"{path}.{name}")
    elif isinstance(written, list) and isinstance(heard, list):
        if len(written) != len(heard):
            yield f"{path}: {len(written)} items are written, {len(heard)} were heard"
            return
        for index, (one, other) in enumerate(zip(written, heard, strict=True)):
            yield from differences(one, other, ids, f"{path}[{index}]")
    elif type(written) is not type(heard) or not _means_the_same(key, written, heard, ids):
        yield f"{path}: {written!r} is written, {heard!r} was heard"


def _means_the_same(key: str, written: Any, heard: Any, ids: Ids) -> bool:
    if key in IDS:
        return ids.same(written, heard)
    if key in TIMES:
        return bool(_TIME.fullmatch(written) and _TIME.fullmatch(heard))
    if key == "retry_after":
        return 0 < float(heard) <= 60
    return bool(written == heard)


def frame(text: str) -> dict[str, Any]:
    """A frame as the document shows it."""
    decoded: dict[str, Any] = msgspec.json.decode(text)
    return decoded
