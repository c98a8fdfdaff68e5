"""Leaving customers to people: when they ask for that, and what the robot says then."""

from dataclasses import dataclass
from functools import cache

from robots.finding.data import words
from robots.hours import now_in, said
from robots.models import TIME, Shop

PEOPLE = "people.txt"
SHORT = 2
"""Words of so many letters ask for a person only where they are all that is asked."""


@dataclass(frozen=True, slots=True)
class Handover:
    """The robot leaves the rest to people."""

    text: str


def is_wanted(text: str) -> bool:
    """Whether the sentence asks for a person."""
    from robots.finding.text import core  # here, for servers whose robots nobody asks do without its dictionaries

    asked = core(text)
    return any(word == asked or (len(word) > SHORT and word in asked) for word in _people())


def handover(shop: Shop) -> Handover:
    """What the robot says as it leaves the rest to people."""
    return Handover(with_return(shop, shop.handover))


def with_return(shop: Shop, text: str) -> str:
    """The text, and when people are back if that is known."""
    now = now_in(shop.zone)
    back = shop.week.opens_after(now)
    if back is None or not shop.away.strip():
        return text
    return f"{text}\n{shop.away.replace(TIME, said(back, now))}"


@cache
def _people() -> tuple[str, ...]:
    return tuple(words(PEOPLE))
