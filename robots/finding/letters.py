"""A text without what never makes a difference."""

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC


def narrowed(text: str) -> str:
    """The text in one width, case and script: traditional letters become simplified ones."""
    simplified: str = _converter().convert(unicodedata.normalize("NFKC", text).casefold())
    return simplified


def letters(text: str) -> str:
    """The narrowed text without punctuation and blanks, so that only its letters are compared."""
    narrow = narrowed(text).strip()
    return "".join(char for char in narrow if char.isalnum()) or narrow


@cache
def _converter() -> "OpenCC":
    import opencc  # here, for servers whose robots nobody asks do without its dictionaries

    return opencc.OpenCC("t2s")
