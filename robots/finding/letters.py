"""A text without what never makes a difference."""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_BETWEEN_LETTERS = re.compile(r"(?<![0-9])[\W_]+|[\W_]+(?![0-9])|(?<=[0-9])[\s_]+(?=[0-9])")


def narrowed(text: str) -> str:
    """The text in one width, case and script: traditional letters become simplified ones."""
    simplified: str = _converter().convert(unicodedata.normalize("NFKC", text).casefold())
    return simplified


def letters(text: str) -> str:
    """The narrowed text without punctuation and blanks, so that only its letters are compared.

    What stands between two digits stays: 3.5 is not 35, and 1-3 not 13.
    """
    narrow = narrowed(text).strip()
    return _BETWEEN_LETTERS.sub("", narrow) or narrow


@cache
def _converter() -> "OpenCC":
    import opencc  # here, for servers whose robots nobody asks do without its dictionaries

    return opencc.OpenCC("t2s")
