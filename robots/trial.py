"""Trying out a shop's robot: what it would say to a sentence, and why. Nothing is noted or sent."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from robots import unasked
from robots.answers import Answer, Menu
from robots.handing_over import Handover
from robots.models import Shop, Speaks
from robots.prepared import Question, prepared

SIGNS = {
    "canonical": _("meaning in words of the trade"),
    "with_answer": _("meaning of the answer"),
    "affinity": _("learnt likeness"),
    "concepts": _("words of the trade"),
    "letters": _("characters"),
    "sounds": _("sounds"),
    "bridge": _("known phrases"),
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
    """`says` is the answer, or what stands above the menu, or the fallback."""

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
    from robots.finding.model import model  # here, for it brings numpy along

    known = prepared(shop)
    same = known.exactly(sentence, None)
    if same is not None:
        return Trial(str(_("It answers: the sentence equals a wording or an answer of the shop.")), same.answer)
    if not known.questions:
        return Trial(str(_("It says the fallback: the shop has no enabled questions.")), shop.fallback)
    decision = known.decide(sentence)
    found = decision.found
    if found is None:
        assert decision.sure is not None
        return Trial(str(_("It answers: all keywords of one question are there.")), decision.sure.answer)
    weights = model().ranking
    lines = tuple(
        Line(
            known.questions[each.owner],
            each.wording,
            each.score,
            tuple(weights[sign] * each.reasons[sign] for sign in SIGNS),
        )
        for each in found.candidates
    )
    right, answerable = round(100 * found.right), round(100 * found.answerable)
    if decision.sure:
        verdict, says = _("It answers: it is sure enough which question is meant."), decision.sure.answer
    elif decision.perhaps:
        verdict, says = _("It offers a menu: it is not sure which question is meant."), shop.suggestion
    else:
        verdict, says = _("It says the fallback and notes the sentence as unanswered."), shop.fallback
    return Trial(str(verdict), says, decision.perhaps, lines, right, answerable)


def _unasked(shop: Shop, sentence: str, asked: Trial) -> str:
    if shop.speaks == Speaks.NEVER:
        return ""
    match unasked.reply(shop, sentence):
        case None:
            return gettext("Nothing, for nothing is asked.")
        case Handover(text):
            return gettext("It hands over to people: %(text)s") % {"text": text}
        case Menu(greeting, choices) if [one.number for one in choices] != [one.number for one in asked.offers]:
            return gettext("It offers the first questions: %(text)s") % {"text": greeting}
        case Answer(text) if text != asked.says:
            return text
    return ""


def bounds() -> dict[str, int]:
    """From how many percent on an answer is given (`sure`), or a menu (`likely`)."""
    from robots.finding.model import model

    return {"sure": round(100 * model().sure), "likely": round(100 * model().likely)}
