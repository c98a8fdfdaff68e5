"""The ids of messages, which grow with the time at which they were stored."""

from datetime import datetime

from django.db.models import Max

from chat.models import Message


def newest() -> int:
    """The highest id that is visible now; 0 without messages."""
    return Message.objects.aggregate(newest=Max("pk"))["newest"] or 0


def last_before(at: datetime) -> int:
    """An id up to which messages were stored before that time; looks at a few dozen of them."""
    low, high = 0, newest()
    while low < high:
        middle = (low + high + 1) // 2
        stored = Message.objects.filter(pk__lte=middle).order_by("-pk").values_list("created_at", flat=True).first()
        if stored is None or stored < at:
            low = middle
        else:
            high = middle - 1
    return low
