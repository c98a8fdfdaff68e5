"""Gaps in what a robot knows: unanswered questions that ask the same are gathered, and people fill or dismiss them."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from math import log2
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Max, Q
from django.dispatch import Signal
from django.utils import timezone

from robots.answers import MOST_LETTERS
from robots.models import Faq, Gap, Shop, UnansweredQuestion
from robots.prepared import Question, prepared

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

ALIKE = 0.75
"""From this likeness on two sentences ask the same: in the tuning sets nineteen of twenty that come together do."""
AT_A_TIME = 200
COMPARED = 5000
"""Gaps of a shop with which new questions are compared, those asked last."""
PHRASINGS = 20
"""Wordings of a gap that a question takes over at most."""
LONGEST_PHRASINGS = 10_000
WAITING = timedelta(days=7)
"""Who asked longer ago does not wait for an answer any more."""

customers_wait = Signal()
"""Customers who asked are to be told something: `shop`, `account_ids`, `text`, and `key`, which names the occasion.

Receivers return how many were told.
"""


def gather() -> bool:
    """Put some questions that are in no gap yet into one; whether there were any."""
    new = UnansweredQuestion.objects.filter(settled=False, gap=None).order_by("id")
    found = list(new.values_list("shop", "id", "text")[:AT_A_TIME])
    if not found:
        return False
    meant = dict(zip((row[1] for row in found), meanings([row[2] for row in found]), strict=True))
    for shop_id in sorted({row[0] for row in found}):
        with transaction.atomic():
            shop = Shop.objects.select_for_update().get(pk=shop_id)
            # Another process may have been quicker.
            _gather(shop, list(new.filter(shop=shop, pk__in=meant)), meant)
    return True


def meanings(texts: list[str]) -> "Vectors":
    """The directions by which texts are compared."""
    from robots.finding import index  # here, for servers whose robots know everything do without it
    from robots.finding.lexicon import lexicon

    return index.meanings([text[:MOST_LETTERS] for text in texts], lexicon())


def _gather(shop: Shop, questions: list[UnansweredQuestion], meant: "dict[int, Vectors]") -> None:
    import numpy as np

    recent = shop.gaps.exclude(state=Gap.State.ANSWERED).order_by("-last_asked_at")[:COMPARED]
    gaps = list(recent)
    known = [np.frombuffer(gap.meaning, np.float16).astype(np.float32) for gap in gaps]
    for question in questions:
        vector = meant[question.pk]
        likeness = np.stack(known) @ vector if known else np.zeros(0)
        if likeness.size and likeness.max() >= ALIKE:
            gap = gaps[int(likeness.argmax())]
            gap.count, gap.last_asked_at = gap.count + 1, max(gap.last_asked_at, question.asked_at)
        else:
            at = question.asked_at
            gap = Gap(shop=shop, text=question.text, count=1, first_asked_at=at, last_asked_at=at)
            gap.meaning = vector.astype(np.float16).tobytes()
            gaps.append(gap)
            known.append(vector)
        gap.rank = rank(gap)
        question.gap = gap
    touched = {id(question.gap): question.gap for question in questions if question.gap is not None}.values()
    for gap in touched:
        gap.save()
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
    return [text for text, _ in Counter(" ".join(text.split()) for text in texts).most_common(PHRASINGS)]


def waiting(gap: Gap) -> list[int]:
    """The accounts that wait for an answer."""
    asked = gap.questions.filter(settled=False, asked_at__gte=timezone.now() - WAITING)
    return list(asked.order_by("asker").values_list("asker", flat=True).distinct())


def make_question(gap: Gap, *, question: str, answer: str) -> Faq:
    """A new question of the shop that fills the gap, with the customers' wordings."""
    with transaction.atomic():
        Shop.objects.select_for_update().get(pk=gap.shop_id)
        last = Faq.objects.filter(shop=gap.shop_id).aggregate(number=Max("number"), position=Max("position"))
        faq = Faq(shop=gap.shop, question=question, answer=answer)
        faq.number, faq.position = (last["number"] or 0) + 1, (last["position"] or 0) + 1
        _add(faq, wordings(gap))
        faq.save()
        _settle([gap], Gap.State.ANSWERED)
    return faq


def add_phrasings(gap: Gap, faq: Faq) -> None:
    """The customers' wordings are other phrasings of a question from now on."""
    with transaction.atomic():
        faq = Faq.objects.select_for_update().get(pk=faq.pk)
        _add(faq, wordings(gap))
        faq.save(update_fields=["phrasings"])
        _settle([gap], Gap.State.ANSWERED)


def dismiss(gaps: Iterable[Gap]) -> None:
    """These need no answer; nor does what is like them, if it is asked again."""
    with transaction.atomic():
        _settle(gaps, Gap.State.DISMISSED)


def tell(gap: Gap, account_ids: list[int], text: str) -> int:
    """Reply to these customers as the shop; how many were told. After the commit of what was decided."""
    told: list[tuple[Any, Any]] = customers_wait.send(
        Gap, shop=gap.shop, account_ids=account_ids, text=text, key=f"gap-{gap.pk}"
    )
    return sum(count for _, count in told)


def forget(account_id: int) -> None:
    """Nothing is kept of what the account asked."""
    asked = UnansweredQuestion.objects.filter(asker=account_id)
    with transaction.atomic():
        touched = list(Gap.objects.filter(questions__asker=account_id).distinct())
        asked.delete()
        for gap in touched:
            left = gap.questions.aggregate(count=Count("id"), newest=Max("id"))
            if not left["count"]:
                gap.delete()
                continue
            gap.count, gap.text = left["count"], UnansweredQuestion.objects.get(pk=left["newest"]).text
            gap.meaning, gap.rank = meanings([gap.text])[0].astype("float16").tobytes(), rank(gap)
            gap.save()


def _settle(gaps: Iterable[Gap], state: Gap.State) -> None:
    ids = [gap.pk for gap in gaps]
    Gap.objects.filter(pk__in=ids).update(state=state)
    UnansweredQuestion.objects.filter(Q(gap__in=ids), settled=False).update(settled=True)


def _add(faq: Faq, texts: list[str]) -> None:
    """Add those that the question does not have, as far as there is room."""
    lines = faq.phrasings.splitlines()
    for text in texts:
        longer = "\n".join([*lines, text])
        if text != faq.question and text not in lines and len(longer) <= LONGEST_PHRASINGS:
            lines.append(text)
    faq.phrasings = "\n".join(lines)
