"""Inputs that are worth keeping: the shortest that were found for each outcome, one JSON string a line."""

import json
from collections.abc import Callable
from pathlib import Path

FILE = Path(__file__).parent / "corpus.jsonl"
LONGEST = 4000
"""Signs of an input that is kept at most; longer ones are what the campaigns make anew."""
TRIES = 300
"""How often a smaller input is tried for one that is new."""


def read(file: Path = FILE) -> list[str]:
    """What is kept."""
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def write(texts: list[str], file: Path = FILE) -> None:
    """Keep these, in an order that does not depend on when they were found."""
    kept = sorted({text for text in texts if len(text) <= LONGEST}, key=lambda text: (len(text), text))
    file.write_text("".join(json.dumps(text) + "\n" for text in kept))


def smaller(text: str, same: Callable[[str], bool]) -> str:
    """A text with the same outcome of which no large part can be left out."""
    tries, size = TRIES, max(1, len(text) // 2)
    while size and tries:
        place = 0
        while place < len(text) and tries:
            tries -= 1
            shorter = text[:place] + text[place + size :]
            if same(shorter):
                text = shorter
            else:
                place += size
        size //= 2
    return text
