"""Making one of several gaps that ask the same, though their words are too different for gathering."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from robots.gaps import DIRECTIONS, hold, rank
from robots.models import Gap, UnansweredQuestion

MOST_MERGED = 200
"""Gaps that are merged at a time."""


class SeveralShopsError(Exception):
    """What customers ask one shop is nothing that they ask another."""


class FewError(Exception):
    """Nothing is left to be merged: somebody has decided about them meanwhile."""


def merge(chosen: QuerySet[Gap]) -> tuple[Gap, int]:
    """Put those of these gaps of a shop that are open into the one that was asked most, which has all their questions.

    Returns it, and how many others there were. What is like any of them comes to it from now on. Raises
    `SeveralShopsError`, or `FewError` if not even two are open.
    """
    with transaction.atomic():
        shops = list(chosen.order_by().values_list("shop", flat=True).distinct())
        if len(shops) > 1:
            raise SeveralShopsError
        hold(shops)
        waiting = list(chosen.filter(state=Gap.State.OPEN).defer(None).order_by("-count", "-rank", "pk")[:MOST_MERGED])
        if len(waiting) < 2:
            raise FewError
        kept, *others = waiting
        ids = [gap.pk for gap in others]
        UnansweredQuestion.objects.filter(gap__in=ids).update(gap=kept)
        kept.count = sum(gap.count for gap in waiting)
        kept.first_asked_at = min(gap.first_asked_at for gap in waiting)
        kept.last_asked_at = max(gap.last_asked_at for gap in waiting)
        kept.rank, kept.meaning = rank(kept), _together([bytes(gap.meaning) for gap in waiting])
        kept.save(update_fields=["count", "first_asked_at", "last_asked_at", "rank", "meaning"])
        Gap.objects.filter(pk__in=ids).delete()
    return kept, len(others)


def _together(meanings: Sequence[bytes]) -> bytes:
    """The directions of all, but for those of the least asked where they are too many."""
    from robots.finding.encoder import WIDTH  # here, for it brings numpy along

    return b"".join(meanings)[: 2 * WIDTH * DIRECTIONS]
