"""Trying out a shop's robot: what it would say to a sentence, and why. Nothing is noted or sent."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from robots import answers, unasked
from robots.answers import Answer, Menu
from robots.finding.letters import letters
from robots.handing_over import Handover
from robots.models import Shop, Speaks
from robots.prepared import Decision, Prepared, Question, prepared

if TYPE_CHECKING:
    from robots.finding.model import Found

NOTHING = Decision(None, ())
COLUMNS = {
    "affinity": gettext_lazy("learnt likeness"),
    "concepts": gettext_lazy("words of the trade"),
    "letters": gettext_lazy("characters"),
    "sounds": gettext_lazy("sounds"),
    "bridge": gettext_lazy("known phrases"),
    "echo": gettext_lazy("what it would mean in other shops"),
}
"""What the columns of a trial are called, in the order of `robots.finding.index.RANKING`."""


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate, with what each sign adds to its score."""

    question: Question
    wording: str
    score: float
    parts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """`says` is the answer, or what stands above the menu, or what it says as it hands over, or the fallback."""

    verdict: str
    says: str
    offers: tuple[Question, ...] = ()
    candidates: tuple[Line, ...] = ()
    right: int | None = None
    """The probability that the first candidate is meant, in percent; None where it was no matter of likeness."""
    answerable: int | None = None
    """The probability that the shop has an answer at all, in percent."""
    unasked: str = ""
    """What it does instead with an ordinary message; empty if the same, or if it never speaks by itself."""


def tried(shop: Shop, sentence: str) -> Trial:
    """What the shop's robot would do with the sentence."""
    asked = _asked(shop, sentence)
    return replace(asked, unasked=_unasked(shop, sentence, asked))


def _asked(shop: Shop, sentence: str) -> Trial:
    known = prepared(shop)
    reply = answers.answer(shop, content=sentence)
    decision = known.decide(sentence) if known.questions else NOTHING
    lines = _lines(known, decision.found or _found(known, sentence))
    match reply:
        case Handover(text):
            return Trial(_("It hands over to people: the customer asks for one."), text, (), lines)
        case Answer(text) if known.exactly(sentence, None):
            return Trial(_("It answers: the sentence equals a wording or an answer of the shop."), text, (), lines)
        case Answer(text) if not known.questions:
            return Trial(_("It says the fallback: the shop has no enabled questions."), text)
        case Answer(text) if decision.found is None:
            return Trial(_("It answers: all keywords of one question are there."), text, (), lines)
        case Menu(text):
            verdict = _("It offers a menu: it is not sure which question is meant.")
        case Answer(text, True):
            verdict = _("It answers: it is sure enough which question is meant.")
        case Answer(text):
            verdict = _("It says the fallback and notes the sentence as unanswered.")
    assert decision.found is not None
    right, answerable = round(100 * decision.found.right), round(100 * decision.found.answerable)
    return Trial(verdict, text, decision.perhaps, lines, right, answerable)


def _found(known: Prepared, sentence: str) -> "Found | None":
    """The candidates of a sentence about which likeness decides nothing."""
    if not known.questions:
        return None
    from robots.finding.model import find  # here, for it brings numpy along

    heard = letters(sentence)
    excluded = frozenset(place for place, q in enumerate(known.questions) if q.is_excluded_by(heard))
    return find(known.index, sentence, without=excluded)


def _lines(known: Prepared, found: "Found | None") -> tuple[Line, ...]:
    if found is None:
        return ()
    from robots.finding.model import model

    weights = model().ranking
    return tuple(
        Line(
            known.questions[each.owner],
            each.wording,
            each.score,
            tuple(weights[sign] * each.reasons[sign] for sign in COLUMNS),
        )
        for each in found.candidates
    )


def _unasked(shop: Shop, sentence: str, asked: Trial) -> str:
    if shop.speaks == Speaks.NEVER:
        return ""
    match unasked.reply(shop, sentence):
        case None:
            return _("Nothing, for nothing is asked.")
        case Menu(greeting, choices) if [one.number for one in choices] != [one.number for one in asked.offers]:
            return _("It offers the first questions: %(text)s") % {"text": greeting}
    return ""


def bounds() -> dict[str, int]:
    """From how many percent on an answer is given (`sure`), or a menu (`likely`)."""
    from robots.finding.model import model

    return {"sure": round(100 * model().sure), "likely": round(100 * model().likely)}
