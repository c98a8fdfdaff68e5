"""Which endpoints want to hear what, as this process remembers it."""

import time
from collections.abc import Mapping

from chat.webhooks.models import Endpoint

REMEMBERED = 10.0
"""Seconds after which a change is known in every process, even where nobody told it."""

Wishes = Mapping[int, Mapping[str, tuple[int, ...]]]
"""For each app and kind of event the ids of the endpoints that want it."""

_known: tuple[float, Wishes] = (float("-inf"), {})


def wishes() -> Wishes:
    """All wishes; empty where nobody uses webhooks. Reads the database when what is remembered is old."""
    global _known
    read_at, known = _known
    now = time.monotonic()
    if now - read_at > REMEMBERED:
        known = _read()
        _known = now, known
    return known


def forget() -> None:
    """Something changed: read again before the next answer."""
    global _known
    _known = float("-inf"), {}


def _read() -> Wishes:
    found: dict[int, dict[str, tuple[int, ...]]] = {}
    for number, app_id, kinds in Endpoint.objects.filter(enabled=True).values_list("id", "app_id", "kinds"):
        for kind in kinds:
            of_app = found.setdefault(app_id, {})
            of_app[kind] = (*of_app.get(kind, ()), number)
    return found
