"""How much text a shop can hold: no more than fits into a table that is read back."""

from django.db.models import QuerySet, Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from robots.models import Faq
from robots.rows import LARGEST_TEXT

TEXTS = ("question", "answer", "phrasings", "keywords", "exclusions")
"""What of a question has letters."""


def letters(faqs: QuerySet[Faq]) -> int:
    """Those of all texts of these questions."""
    sums = faqs.order_by().aggregate(**{name: Sum(Length(name)) for name in TEXTS})
    return sum(number or 0 for number in sums.values())


def is_too_small(before: int, after: int) -> bool:
    """Whether there is no room for so many letters after so many; a shop that has more already may keep them."""
    return after > max(before, LARGEST_TEXT)


def too_small() -> str:
    """What is said then."""
    return _("A shop can hold %(most)d letters in all its questions.") % {"most": LARGEST_TEXT}
