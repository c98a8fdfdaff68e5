"""Times as they stand in frames: `YYYY-MM-DD HH:MM:SS` in the server's zone."""

from datetime import datetime
from functools import lru_cache

from django.utils import timezone


@lru_cache(maxsize=1024)  # all messages of a batch share one moment
def shown(moment: datetime) -> str:
    """The moment in the server's zone, to the second."""
    return moment.astimezone(timezone.get_default_timezone()).strftime("%Y-%m-%d %H:%M:%S")
