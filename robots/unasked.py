"""What a shop's robot says to a message that was not written to it."""

from functools import cache

from robots import answers
from robots.answers import Answer, Menu
from robots.finding.data import words
from robots.finding.letters import letters
from robots.handing_over import Handover
from robots.hours import now_in
from robots.models import Shop, Speaks
from robots.prepared import prepared

GREETINGS, THANKS = "greetings.txt", "thanks.txt"
OFFERED = 5
"""Questions that a greeting is answered with."""
PARTICLES = frozenset("呀啊哦噢吧嘛啦哈呢的了")
"""What may follow a greeting or thanks and says nothing."""
LONGEST_COURTESY = 60
"""Letters: who writes more asks something."""


def speaking() -> dict[int, int]:
    """The shops whose robots may speak by themselves: for each account the shop's id."""
    return dict(Shop.objects.exclude(speaks=Speaks.NEVER).filter(enabled=True).values_list("account_id", "pk"))


def may_speak(shop: Shop, *, alone: bool) -> bool:
    """Whether it is the robot that answers now; `alone` if nobody of the shop is online."""
    match Speaks(shop.speaks):
        case Speaks.NEVER:
            return False
        case Speaks.ALONE:
            return alone
        case Speaks.ALONE_OR_OPEN:
            return alone or shop.week.open_at(now_in(shop.zone))
        case Speaks.ALONE_OR_CLOSED:
            return alone or not shop.week.open_at(now_in(shop.zone))


def reply(shop: Shop, text: str) -> Answer | Menu | Handover | None:
    """What the robot says to it; None where nothing is asked, as with thanks. Two fallbacks in a row are too many."""
    if not any(map(str.isalnum, text)):
        return None
    heard = letters(text)
    if _is_nothing_but(heard, GREETINGS, THANKS) and not prepared(shop).exactly(text, None):
        if not _is_nothing_but(heard, GREETINGS):
            return None
        menu = answers.menu(shop)
        return Menu(menu.greeting, menu.choices[:OFFERED])
    return answers.answer(shop, content=text)


def _is_nothing_but(heard: str, *files: str) -> bool:
    """Whether the letters are words of these files in a row, with or without particles.

    Every place is looked at once. A pattern would try 好的, which is a word and a word with its particle, both ways
    each time it stands there, and customers could keep the server busy for hours with a line of it.
    """
    if len(heard) > LONGEST_COURTESY:
        return False
    known, longest = _letters_of(files)
    ends = {0}
    for place in range(len(heard)):
        if place in ends:
            ends.update(place + size for size in range(1, longest + 1) if heard[place : place + size] in known)
            if place and heard[place] in PARTICLES:
                ends.add(place + 1)
    return len(heard) in ends


@cache
def _letters_of(files: tuple[str, ...]) -> tuple[frozenset[str], int]:
    """The words of the files, and the length of the longest."""
    known = frozenset(letters(word) for name in files for word in words(name))
    return known, max(map(len, known))
