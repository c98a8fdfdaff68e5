"""Gaps in what a robot knows: unanswered questions that ask the same are gathered, and people fill or dismiss them."""

from collections import Counter
from collections.abc import Callable, Iterable
from math import log2
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet

from robots import room
from robots.answers import MOST_LETTERS
from robots.asked import same_words, wording
from robots.models import Faq, Gap, Shop, UnansweredQuestion
from robots.prepared import Question, prepared
from robots.rows import MOST_QUESTIONS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

ALIKE = 0.75
"""From this likeness on two sentences ask the same: in the tuning sets nineteen of twenty that come together do."""
DIRECTIONS = 20
"""In which a gap's questions lie at most, where it was made of several."""
LOOKED_AT = 100
"""Questions of a gap that tell its directions anew."""
AT_A_TIME = 200
COMPARED = 5000
"""Gaps of a shop with which new questions are compared, those asked last."""
SETTLED_AT_ONCE = 5000
"""Gaps that are decided about in one transaction."""
PHRASINGS = 20
"""Wordings of a gap that a question takes over at most."""
LONGEST_PHRASINGS = 10_000


class QuickerError(Exception):
    """Somebody has decided about the gap meanwhile, so that nothing was done; `state` is what it is now."""

    def __init__(self, state: Gap.State) -> None:
        super().__init__(state)
        self.state = state


class FullError(Exception):
    """The shop holds no more questions, or no more text."""


class ThereError(Exception):
    """The shop has a question in these words, `faq`: of two the robot would give the answer of one alone."""

    def __init__(self, faq: Faq) -> None:
        super().__init__(faq.pk)
        self.faq = faq


def gather() -> bool:
    """Put some questions that are in no gap yet into one; whether there were any."""
    new = UnansweredQuestion.objects.filter(settled=False, gap=None).order_by("id")
    found = list(new.values_list("shop", "id", "text")[:AT_A_TIME])
    if not found:
        return False
    meant = dict(zip((row[1] for row in found), meanings([row[2] for row in found]), strict=True))
    for shop_id in sorted({row[0] for row in found}):
        with transaction.atomic():
            hold([shop_id])
            # Another process may have been quicker.
            _gather(shop_id, list(new.filter(shop=shop_id, pk__in=meant)), meant)
    return True


def meanings(texts: list[str]) -> "Vectors":
    """The directions by which texts are compared."""
    from robots.finding import index  # here, for servers whose robots know everything do without it
    from robots.finding.lexicon import lexicon

    return index.meanings([text[:MOST_LETTERS] for text in texts], lexicon())


def _gather(shop_id: int, questions: list[UnansweredQuestion], meant: "dict[int, Vectors]") -> None:
    import numpy as np

    if not questions:
        return
    gaps = list(
        Gap.objects.filter(shop=shop_id).exclude(state=Gap.State.ANSWERED).order_by("-last_asked_at")[:COMPARED]
    )
    size = len(meant[questions[0].pk])
    known = [(gap, np.frombuffer(gap.meaning, np.float16).reshape(-1, size)) for gap in gaps]
    owners = [gap for gap, directions in known for _ in directions]
    table = np.concatenate([*(directions for _, directions in known), np.zeros((len(questions), size))])
    table = table.astype(np.float32)
    for question in questions:
        vector = meant[question.pk]
        likeness = table[: len(owners)] @ vector
        if owners and likeness.max() >= ALIKE:
            gap = owners[int(likeness.argmax())]
            gap.count, gap.last_asked_at = gap.count + 1, max(gap.last_asked_at, question.asked_at)
        else:
            at = question.asked_at
            gap = Gap(shop_id=shop_id, text=question.text, count=1, first_asked_at=at, last_asked_at=at)
            gap.meaning = vector.astype(np.float16).tobytes()
            table[len(owners)] = vector
            owners.append(gap)
        gap.rank = rank(gap)
        question.gap = gap
    touched = {id(question.gap): question.gap for question in questions if question.gap is not None}.values()
    for gap in touched:
        gap.save(update_fields=["count", "last_asked_at", "rank"] if gap.pk else None)
    for question in questions:
        question.gap = question.gap  # its id is known now
        question.settled = question.gap is not None and question.gap.state == Gap.State.DISMISSED
    UnansweredQuestion.objects.bulk_update(questions, ["gap", "settled"])


def rank(gap: Gap) -> float:
    """The newest and the most frequent come first."""
    return gap.last_asked_at.timestamp() / 86400 + log2(gap.count)


def likely(gap: Gap) -> tuple[Question, ...]:
    """The shop's questions that may be meant, the likeliest first."""
    known = prepared(gap.shop)
    if not known.questions:
        return ()
    decision = known.decide(gap.text[:MOST_LETTERS])
    found = tuple(known.questions[each.owner] for each in decision.found.candidates) if decision.found else ()
    sure = (decision.sure,) if decision.sure else ()
    return tuple(dict.fromkeys((*sure, *decision.perhaps, *found)))[:3]


def wordings(gap: Gap) -> list[str]:
    """How customers asked it, the most frequent wording first."""
    texts = gap.questions.order_by("-id").values_list("text", flat=True)[:1000]
    found = Counter(wording(text) for text in texts)
    found.pop("", None)
    return [text for text, _ in found.most_common(PHRASINGS)]


def make_question(gap: Gap, *, question: str, answer: str) -> Faq:
    """A new question of the shop that fills the gap, with the customers' wordings.

    Raises `QuickerError`, `ThereError` or `FullError`.
    """
    with transaction.atomic():
        _hold_open(gap)
        there = Faq.objects.filter(shop=gap.shop_id)
        for known in there.only("number", "question", "enabled"):
            if same_words(known.question) == same_words(question):
                raise ThereError(known)
        if there.count() >= MOST_QUESTIONS:
            raise FullError
        letters = room.letters(there)
        last = there.aggregate(number=Max("number"), position=Max("position"))
        faq = Faq(shop_id=gap.shop_id, question=question, answer=answer)
        faq.number, faq.position = (last["number"] or 0) + 1, (last["position"] or 0) + 1
        _add(faq, wordings(gap))
        faq.save()
        _see_that_it_fits(there, letters)
        _settle(Gap.objects.filter(pk=gap.pk), Gap.State.ANSWERED, filled_by=faq.number)
    return faq


def add_phrasings(gap: Gap, number: int) -> Faq:
    """The customers' wordings are other phrasings of the shop's question of that number from now on.

    Raises `QuickerError`, `FullError` or `Faq.DoesNotExist`.
    """
    with transaction.atomic():
        _hold_open(gap)
        there = Faq.objects.filter(shop=gap.shop_id)
        faq, letters = there.get(number=number), room.letters(there)
        _add(faq, wordings(gap))
        faq.save(update_fields=["phrasings"])
        _see_that_it_fits(there, letters)
        _settle(Gap.objects.filter(pk=gap.pk), Gap.State.ANSWERED, filled_by=faq.number)
    return faq


def _see_that_it_fits(faqs: QuerySet[Faq], before: int) -> None:
    """Raise `FullError` if the shop has too much text now."""
    if room.is_too_small(before, room.letters(faqs)):
        raise FullError


def dismiss(chosen: QuerySet[Gap], noted: Callable[[QuerySet[Gap]], None] | None = None) -> int:
    """These need no answer; nor does what is like them, if it is asked again. Returns how many were open till now.

    `noted` gets those that will be dismissed, some at a time, in the transaction in which they are. Nothing waits for
    all of them, and none is fetched.
    """
    waiting = chosen.filter(state=Gap.State.OPEN).order_by("pk")
    dismissed = last = 0
    while ids := list(waiting.filter(pk__gt=last).values_list("pk", flat=True)[:SETTLED_AT_ONCE]):
        some = waiting.filter(pk__gt=last, pk__lte=ids[-1]).order_by()
        with transaction.atomic():
            hold(some.values_list("shop", flat=True).distinct())
            if noted:
                noted(some)
            dismissed += _settle(some, Gap.State.DISMISSED)
        last = ids[-1]
    return dismissed


def reopen(gap: Gap) -> None:
    """It is to be decided anew. What was made of it stays. Raises `QuickerError` if it is open already."""
    with transaction.atomic():
        hold([gap.shop_id])
        gap.refresh_from_db(fields=["state"])
        if gap.state == Gap.State.OPEN:
            raise QuickerError(Gap.State.OPEN)
        Gap.objects.filter(pk=gap.pk).update(state=Gap.State.OPEN, filled_by=None)
        UnansweredQuestion.objects.filter(gap=gap).update(settled=False)


def forget(account_id: int) -> None:
    """Nothing is kept of what the account asked."""
    asked = UnansweredQuestion.objects.filter(asker=account_id)
    with transaction.atomic():
        hold(asked.order_by().values_list("shop", flat=True).distinct())
        touched = list(Gap.objects.filter(questions__asker=account_id).distinct())
        asked.delete()
        for gap in touched:
            asked_at = {"first": Min("asked_at"), "last": Max("asked_at")}
            left = gap.questions.aggregate(count=Count("id"), **asked_at)
            if not left["count"]:
                gap.delete()
                continue
            texts = list(gap.questions.order_by("-id").values_list("text", flat=True)[:LOOKED_AT])
            gap.count, gap.text = left["count"], texts[0]
            gap.first_asked_at, gap.last_asked_at = left["first"], left["last"]
            gap.meaning, gap.rank = _directions(texts), rank(gap)
            gap.save()


def _directions(texts: list[str]) -> bytes:
    """One direction for those of these texts that are alike."""
    different: list[Vectors] = []
    for vector in meanings(list(dict.fromkeys(texts))):
        if all(float(vector @ one) < ALIKE for one in different[:DIRECTIONS]):
            different.append(vector)
    return b"".join(vector.astype("float16").tobytes() for vector in different[:DIRECTIONS])


def hold(shop_ids: Iterable[int]) -> None:
    """Whoever changes gaps of these shops waits until this transaction ends; who notes what is asked does not."""
    shops = Shop.objects.select_for_update(no_key=True).filter(pk__in=list(shop_ids))
    list(shops.order_by("pk").values_list("pk", flat=True))


def _hold_open(gap: Gap) -> None:
    """Nobody else decides about the gap until this transaction ends, and nobody has."""
    hold([gap.shop_id])
    gap.refresh_from_db(fields=["state"])
    if gap.state != Gap.State.OPEN:
        raise QuickerError(Gap.State(gap.state))


def _settle(gaps: QuerySet[Gap], state: Gap.State, filled_by: int | None = None) -> int:
    UnansweredQuestion.objects.filter(gap__in=gaps.values("pk"), settled=False).update(settled=True)
    return gaps.update(state=state, filled_by=filled_by)


def _add(faq: Faq, texts: list[str]) -> None:
    """Add those that the question does not have, as far as there is room."""
    lines = faq.phrasings.splitlines()
    for text in texts:
        longer = "\n".join([*lines, text])
        if text != faq.question and text not in lines and len(longer) <= LONGEST_PHRASINGS:
            lines.append(text)
    faq.phrasings = "\n".join(lines)
