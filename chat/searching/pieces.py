"""What of a text is looked up: its pieces of two letters, which need no words to be known, nor blanks between them."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import msgspec

FILES = ("img", "audio", "video", "file")
"""Kinds of bodies that are hardly more than an address."""
_RUN = re.compile(r"[^\W_]+")
_LONG_ALPHABET = re.compile(r"[\u2e80-\U0003ffff]")
"""Scripts of thousands of letters, of which two in a row say much."""


def said(body: str) -> str:
    """What may be searched in a body: its text, and that of a card or a menu, but no addresses."""
    whole = msgspec.json.decode(body)
    kind = whole.pop("type", None)
    if kind == "txt":
        return "\n".join(texts(whole.get("content")))
    found = whole.get("data", {} if kind in FILES else whole)
    return "\n".join(text for text in texts(found) if "://" not in text)


def texts(value: Any) -> Iterator[str]:
    """Every text and number within JSON."""
    if isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


def plain(text: str) -> str:
    """The text without width and case, as it is compared."""
    return unicodedata.normalize("NFKC", text).casefold()


def pieces(text: str) -> set[str]:
    """By which a plain text is found: two letters each, of short alphabets three as well."""
    found: set[str] = set()
    for run in _RUN.findall(text):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
        found.update(three for at in range(len(run) - 2) if not _LONG_ALPHABET.search(three := run[at : at + 3]))
    return found


def of_account(account_id: int) -> str:
    """The piece of what an account said or was told, which no text has."""
    return f"#{account_id}"


def sought(text: str) -> set[str]:
    """What a text must have to hold this one: the fewest pieces that say as much. Empty if it is too short."""
    found: set[str] = set()
    for run in _RUN.findall(text):
        for at in range(len(run) - 1):
            three = run[at : at + 3]
            if len(three) == 3 and not _LONG_ALPHABET.search(three):
                found.add(three)
            elif not (at and not _LONG_ALPHABET.search(run[at - 1 : at + 2])):
                found.add(run[at : at + 2])
    return found
