"""How messages name uploads: by an address that holds a random word."""

import re
from collections.abc import Iterable

from chat.models import Upload

PLACE = "media"
"""The first part of every address."""
BEGINNING = "u-"
"""What stands before the random word."""
_NAMED = re.compile(rf"{BEGINNING}([0-9a-f]{{32}})")


def mark_used(bodies: Iterable[str]) -> None:
    """Note which uploads these messages name, within the transaction that stores them. Costs nothing if none does."""
    tokens = {token for body in bodies if BEGINNING in body for token in _NAMED.findall(body)}
    if tokens:
        Upload.objects.filter(token__in=tokens, used=False).update(used=True)
