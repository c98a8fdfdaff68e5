"""The robot: its menu of questions, and the shop's answer to what a customer asks."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.refusals import Reason, Refusal
from robots import handing_over
from robots.handing_over import Handover
from robots.models import Shop, UnansweredQuestion
from robots.prepared import Question, prepared, warm

MOST_LETTERS = 300
"""Of a longer text only its beginning is looked at."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One question of a robot's menu."""

    number: int
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Menu:
    """What a robot offers when it is called, or when it is not sure what is meant."""

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
    questions = prepared(shop).questions
    if questions:
        warm()  # who opens the menu may ask in words next
    return Menu(shop.greeting, _choices(questions))


def answer(shop: Shop, *, content: str = "", number: int | None = None) -> Answer | Menu | Handover:
    """The shop's answer to its question `number`, or to `content`; a menu of up to three if several may be meant.

    Who asks for a person is left to people, unless the shop has a question in the same words.
    """
    known = prepared(shop)
    found = known.exactly(content, number)
    asked = content[:MOST_LETTERS]
    if found is None and asked.strip():
        if handing_over.is_wanted(asked):
            return handing_over.handover(shop)
        if known.questions:
            decision = known.decide(asked)
            if decision.perhaps:
                return Menu(shop.suggestion, _choices(decision.perhaps))
            found = decision.sure
    return Answer(found.answer, True) if found else Answer(handing_over.with_return(shop, shop.fallback), False)


def note_unanswered(shop: Shop, *, asker_id: int, text: str) -> None:
    """Put a question on the shop's list of those that the robot could not answer."""
    UnansweredQuestion.objects.create(shop=shop, asker_id=asker_id, text=text[:500])


def _choices(questions: Iterable[Question]) -> tuple[Choice, ...]:
    return tuple(Choice(q.number, q.question, q.answer) for q in questions)
