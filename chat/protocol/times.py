"""Times as they stand in frames: `YYYY-MM-DD HH:MM:SS` in the server's zone."""

from datetime import datetime

from django.utils import timezone


def shown(moment: datetime) -> str:
    """The moment in the server's zone, to the second."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")
