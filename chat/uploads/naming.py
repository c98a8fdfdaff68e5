"""How messages name uploads: by an address that holds a random word. How many name each is counted."""

import re
from collections import Counter
from collections.abc import Iterable

from django.db.models import F

from chat.models import Upload

PLACE = "media"
"""The first part of every address."""
BEGINNING = "u-"
"""What stands before the random word."""
_NAMED = re.compile(rf"{BEGINNING}([0-9a-f]{{32}})")


def named(body: str) -> set[str]:
    """The random words in a message body, whether there are such uploads or not."""
    return set(_NAMED.findall(body)) if BEGINNING in body else set()


def count_named(bodies: Iterable[str]) -> None:
    """Count that these messages name uploads, within the transaction that stores them. Costs nothing if none does."""
    _count(bodies, 1)


def count_gone(bodies: Iterable[str]) -> set[str]:
    """Count that these messages do so no longer, within the transaction that takes them away; what they named."""
    return _count(bodies, -1)


def _count(bodies: Iterable[str], by: int) -> set[str]:
    uses = Counter(token for body in bodies for token in named(body))
    # In one order, so that writers which name the same uploads wait for each other and no more. What the app's own
    # server uploaded stays whoever names it.
    for token, number in sorted(uses.items()):
        Upload.objects.filter(token=token, account__isnull=False).update(uses=F("uses") + by * number)
    return set(uses)
