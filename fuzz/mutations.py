"""Small damages to a text: what a broken client, a broken line or an attacker makes of a frame."""

import random
from collections.abc import Callable, Sequence

from fuzz.grammar import LITERALS

SIGNS = '{}[]:,"\\/ \t\n\0\x01\x1f\x7f0123456789-+.eEtfnu\ufeff\u2028\x80ÿ你🛍'
LONGEST = 80_000
"""Signs of a text at most: a little more than the server takes for a frame."""


def mutate(text: str, others: Sequence[str], dice: random.Random) -> str:
    """The text after one to four damages; `others` are texts of which parts may be taken."""
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 4))):
        text = dice.choice(DAMAGES)(text, others, dice)[:LONGEST]
    return text


def _part(text: str, dice: random.Random) -> tuple[int, int]:
    """Where a part of the text begins and ends, mostly a short one."""
    begin = dice.randint(0, len(text))
    return begin, min(len(text), begin + dice.choice((0, 1, 1, 2, 5, 20, 100)))


def _insert(text: str, others: Sequence[str], dice: random.Random) -> str:
    place = dice.randint(0, len(text))
    return text[:place] + dice.choice(SIGNS) + text[place:]


def _replace(text: str, others: Sequence[str], dice: random.Random) -> str:
    begin, end = _part(text, dice)
    return text[:begin] + dice.choice(SIGNS) + text[end:]


def _remove(text: str, others: Sequence[str], dice: random.Random) -> str:
    begin, end = _part(text, dice)
    return text[:begin] + text[end:]


def _truncate(text: str, others: Sequence[str], dice: random.Random) -> str:
    return text[: dice.randint(0, len(text))]


def _repeat(text: str, others: Sequence[str], dice: random.Random) -> str:
    begin, end = _part(text, dice)
    return text[:end] + text[begin:end] * dice.choice((1, 2, 10, 1000)) + text[end:]


def _splice(text: str, others: Sequence[str], dice: random.Random) -> str:
    other = dice.choice(others)
    begin, end = _part(other, dice)
    place = dice.randint(0, len(text))
    return text[:place] + other[begin : end + dice.choice((0, 50))] + text[place:]


def _cross(text: str, others: Sequence[str], dice: random.Random) -> str:
    other = dice.choice(others)
    return text[: dice.randint(0, len(text))] + other[dice.randint(0, len(other)) :]


def _literal(text: str, others: Sequence[str], dice: random.Random) -> str:
    """Another value where one stands."""
    colons = [place for place, sign in enumerate(text[:2000]) if sign in ":[,"]
    if not colons:
        return text
    begin = dice.choice(colons) + 1
    ends = [place for sign in ",}]" if (place := text.find(sign, begin)) >= 0]
    return text[:begin] + dice.choice(LITERALS) + text[min(ends, default=len(text)) :]


def _escape(text: str, others: Sequence[str], dice: random.Random) -> str:
    """A sign as an escape, which is the same to JSON, or half a pair of them."""
    if not text:
        return text
    place = dice.randrange(len(text))
    escape = dice.choice((f"\\u{ord(text[place]) & 0xFFFF:04x}", "\\ud800", "\\u0000", "\\", '\\"'))
    return text[:place] + escape + text[place + 1 :]


def _wrap(text: str, others: Sequence[str], dice: random.Random) -> str:
    before, after = dice.choice(
        (("\ufeff", ""), ("[", "]"), ('"', '"'), (" ", "\n"), ("", text), ("", "\0"), ("\0", ""))
    )
    return before + text + after


DAMAGES: tuple[Callable[[str, Sequence[str], random.Random], str], ...] = (
    *(_insert, _replace, _remove, _truncate, _repeat),
    *(_splice, _cross, _literal, _literal, _literal, _escape, _wrap),
)
