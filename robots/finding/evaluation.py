"""How well sentences are answered: what `manage.py evaluate_robot` reports."""

from dataclasses import dataclass

from robots.finding.model import find, model
from robots.finding.sets import EvaluationSet

PARTS = 5
"""A fifth of a shop's questions at a time is taken out of it, for what is asked about them to be unknown to it."""
SMALL = 8
"""Questions of a small shop."""


@dataclass(slots=True)
class Tally:
    """Counts over the sentences of a set; `shown` is an answer, or the first line of a menu."""

    asked: int = 0
    first: int = 0
    among_three: int = 0
    answered_right: int = 0
    answered_wrong: int = 0
    unheard: int = 0
    strange: int = 0
    strange_answered: int = 0
    strange_menus: int = 0

    def add(self, other: "Tally") -> None:
        for name in Tally.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Mistake:
    """A sentence that got something else than it should."""

    sentence: str
    wanted: str
    got: str


def evaluate(each: EvaluationSet) -> tuple[Tally, list[Mistake]]:
    """Ask every sentence of the set of a shop with the set's questions."""
    index, tally, mistakes, using = each.index(), Tally(), [], model()
    for sentence, owner in each.sentences():
        found = find(index, sentence)
        answered, menu = found.right >= using.sure, found.answerable >= using.likely
        shown = [candidate.owner for candidate in found.candidates] if answered or menu else []
        got = "→ " if answered else "? "
        got = got + index.entries[shown[0]].wording if shown else "-"
        if owner is None:
            tally.strange += 1
            tally.strange_answered += answered
            tally.strange_menus += menu and not answered
        else:
            tally.asked += 1
            tally.first += shown[:1] == [owner]
            tally.among_three += owner in shown
            tally.answered_right += answered and shown[0] == owner
            tally.answered_wrong += answered and shown[0] != owner
            tally.unheard += not shown
        if shown[:1] != ([] if owner is None else [owner]):
            wanted = "-" if owner is None else index.entries[owner].wording
            mistakes.append(Mistake(sentence, wanted, got))
    return tally, mistakes


def evaluate_unknown(each: EvaluationSet) -> Tally:
    """Ask the shop what it has an answer to, but as it would be without that question; `strange` counts these."""
    questions, total, using = range(len(each.entries())), Tally(), model()
    for part in range(PARTS):
        smaller = each.alone([place for place in questions if place % PARTS != part])
        index = smaller.index()
        for sentence, owner in smaller.sentences():
            if owner is None:
                found = find(index, sentence)
                total.strange += 1
                total.strange_answered += found.right >= using.sure
                total.strange_menus += found.answerable >= using.likely and found.right < using.sure
    return total


def evaluate_small(each: EvaluationSet) -> Tally:
    """Ask small shops, with a part of the questions each, what they have an answer to, and what the next one has."""
    places, total = range(len(each.entries())), Tally()
    count = len(places) // SMALL
    for number in range(count if count > 1 else 0):
        part = each.alone(places[number::count], hears=places[(number + 1) % count :: count])
        total.add(evaluate(part)[0])
    return total
