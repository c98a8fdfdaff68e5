"""Writing JSON as a careless or a hostile program would: keys twice, numbers that are none, blanks anywhere."""

import json
import random
from typing import Any


class Token(str):
    """What stands in the text as it is."""

    __slots__ = ()


class Members(list[tuple[str, Any]]):
    """An object, which may have a key twice."""


def render(value: Any, dice: random.Random) -> str:
    """The text; now and then with blanks between the parts, or with escapes where none are needed."""
    blank = dice.choice((" ", "\n", "\t", "\r\n", "  ")) if dice.random() < 0.05 else ""
    return _text(value, blank, ascii_alone=dice.random() < 0.3)


def _text(value: Any, blank: str, *, ascii_alone: bool) -> str:
    if isinstance(value, Token):
        return str(value)
    if isinstance(value, Members):
        inner = (
            f"{json.dumps(key)}{blank}:{blank}{_text(item, blank, ascii_alone=ascii_alone)}" for key, item in value
        )
        return f"{{{blank}{f'{blank},{blank}'.join(inner)}{blank}}}"
    if isinstance(value, list):
        return f"[{blank}{f'{blank},'.join(_text(item, blank, ascii_alone=ascii_alone) for item in value)}]"
    return json.dumps(value, ensure_ascii=ascii_alone)
