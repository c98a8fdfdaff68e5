"""The robot: its menu of questions, and the shop's answer to what a customer asks."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from accounts.refusals import Reason, Refusal
from robots.models import Faq, Shop, UnansweredQuestion

LIKENESS = 70.0
"""How alike, from 0 to 100, an asked question and a shop's question must be for its answer to be given."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One question of a robot's menu."""

    number: int
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Menu:
    """What a robot offers when it is called."""

    greeting: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the shop says; `found` is False when it is the fallback."""

    text: str
    found: bool


def find_shop(*, app_id: int, number: int, account_id: int) -> Shop:
    """The enabled shop of that number whose account is `account_id`; else `Refusal` with `unknown_shop`."""
    shop = Shop.objects.filter(app_id=app_id, number=number, account_id=account_id, enabled=True).first()
    if shop is None:
        raise Refusal(Reason.UNKNOWN_SHOP)
    return shop


def menu(shop: Shop) -> Menu:
    """The shop's greeting and its enabled questions, in the shop's order."""
    return Menu(shop.greeting, tuple(Choice(f.number, f.question, f.answer) for f in _enabled(shop)))


def answer(shop: Shop, *, content: str = "", number: int | None = None) -> Answer:
    """The shop's answer to `content`, or to its question `number` if there is one of that number."""
    faqs = list(_enabled(shop))
    found = next((faq for faq in faqs if faq.number == number), None) or _match(content, faqs)
    return Answer(found.answer, True) if found else Answer(shop.fallback, False)


def note_unanswered(shop: Shop, *, asker_id: int, text: str) -> None:
    """Put a question on the shop's list of those that the robot could not answer."""
    UnansweredQuestion.objects.create(shop=shop, asker_id=asker_id, text=text[:500])


def _enabled(shop: Shop) -> Iterable[Faq]:
    return shop.faqs.filter(enabled=True)


def _match(content: str, faqs: list[Faq]) -> Faq | None:
    asked = _plain(content)
    if not asked:
        return None
    for faq in faqs:
        if _plain(faq.question) == asked:
            return faq
    for faq in faqs:
        if _plain(faq.answer) == asked:
            return faq
    questions = [_plain(faq.question) for faq in faqs]
    best = process.extractOne(asked, questions, scorer=fuzz.ratio, score_cutoff=LIKENESS)
    return faqs[best[2]] if best else None


def _plain(text: str) -> str:
    """The text without width, case, punctuation and blanks, so that only its words are compared."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    return "".join(char for char in folded if char.isalnum()) or folded
