"""What customers wrote, as the shop's people see it and as questions take it: strangers write whatever they like."""

import unicodedata

from django.utils.text import Truncator

BEGINNING = 40
"""Letters of a text that a list shows."""
_ENDS = " ?？!！。"
"""What a question may end with and asks nothing else by."""
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows them."""
_UNSEEN = _DIRECTIONS | frozenset("\u00ad\u200b\u2060\ufeff")


def wording(text: str) -> str:
    """The text in one line, without what nobody types: control letters and marks that are not seen.

    Letters are compared without these, so that the robot takes both for the same. May be empty.
    """
    kept = ("" if letter in _UNSEEN else " " if _controls(letter) else letter for letter in text)
    return " ".join("".join(kept).split())


def same_words(question: str) -> str:
    """The same for two questions of which a shop needs but one: blanks, and how they end, make no difference."""
    return " ".join(question.split()).rstrip(_ENDS)


def shown(text: str, otherwise: object) -> str:
    """The wording for people to see, or something else where there is nothing to be seen."""
    return wording(text) or str(otherwise)


def beginning(text: str, otherwise: object) -> str:
    """As `shown`, as much as a list has room for beside what else it says."""
    return Truncator(shown(text, otherwise)).chars(BEGINNING)


def _controls(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs")
