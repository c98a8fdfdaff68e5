"""Messages as the conversation viewer shows them. Everything in a body comes from strangers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.utils import timezone

from chat.history import Line
from chat.models import Remark
from chat.searching.pieces import texts


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message: the template shows of `text`, `link` and `media` what there is."""

    line: Line
    own: bool
    """Whether the account whose conversation it is has sent it."""
    kind: str
    text: str
    link: str = ""
    """An address that is safe to open."""
    local: bool = False
    """Whether `link` is a file of this server, which its pages may show; what lies elsewhere is only linked."""
    day: date | None = None
    """Its day, if the message before it was of another one."""
    robot: str = ""
    """What kind of thing the shop's robot said with it; empty where a person wrote it."""


def bubbles(lines: Sequence[Line], owner_id: int) -> Iterator[Bubble]:
    """Messages from the oldest to the newest, for the template."""
    before = None
    for line in lines:
        day = timezone.localtime(line.created_at).date()
        kind, text, link = _parts(msgspec.json.decode(line.body))
        link = _safe(link)
        local = link.startswith("/")
        said = str(Remark(line.robot).label) if line.robot is not None else ""
        yield Bubble(line, line.sender_id == owner_id, kind, text, link, local, day if day != before else None, said)
        before = day


def _parts(body: dict[str, Any]) -> tuple[str, str, str]:
    """A body's type, what it says, and the address in it."""
    kind, content, data = body.get("type"), body.get("content"), body.get("data")
    if kind == "txt":
        return "txt", str(content), ""
    if kind in ("img", "file"):
        return kind, "", str(content)
    if kind in ("audio", "video"):
        before, _bar, address = str(content).partition("|")
        return kind, f"{before} s" if kind == "audio" else "", address
    if kind == "goods" and isinstance(data, dict):
        return "goods", "\n".join(texts({key: data[key] for key in data if "://" not in str(data[key])})), ""
    if kind == "robot" and isinstance(data, dict):
        questions = [str(row.get("question")) for row in data.get("list", []) if isinstance(row, dict)]
        return "robot", "\n".join([str(data.get("title", "")), *(f"· {question}" for question in questions)]), ""
    return "other", msgspec.json.format(msgspec.json.encode(body), indent=2).decode(), ""


def _safe(address: str) -> str:
    """An address that opens a page or a file and runs nothing; empty for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme in ("http", "https") and parts.netloc:
        return address
    return address if not parts.scheme and not parts.netloc and address.startswith("/media/") else ""
