"""How far a robot has come with learning a shop's questions: told by whoever prepares them, for whoever looks.

A full shop takes a minute or two, a changed question no time at all.
"""

import logging
import time
from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone

from robots.models import Learning, Shop

logger = logging.getLogger(__name__)

BEAT = 1.0
"""Seconds until something is told, and between that and the next."""
STOPPED = timedelta(seconds=60)
"""After so long without a word the process has ended."""


class Teller:
    """Tells how far one process has come with one shop."""

    def __init__(self, shop_id: int, using: str, beat: float = BEAT) -> None:
        self._shop_id, self._rows, self._beat = shop_id, Learning.objects.using(using), beat
        self._last = time.monotonic()
        self._has_told = False

    def tell(self, done: int, every: int) -> None:
        """So many of all texts are done. It is no matter if that can't be told."""
        now = time.monotonic()
        if done == every or now - self._last < self._beat:
            return
        self._last, self._has_told = now, True
        try:
            values = {"done": done, "every": every, "at": timezone.now()}
            self._rows.update_or_create(shop_id=self._shop_id, defaults=values)
        except DatabaseError:
            logger.warning("how far shop %d is prepared is not told", self._shop_id, exc_info=True)

    def end(self) -> None:
        """All is done."""
        if self._has_told:
            self._rows.filter(shop_id=self._shop_id).delete()


def going_on(shop: Shop) -> Learning | None:
    """How far somebody has come who learns the shop's questions right now."""
    return Learning.objects.filter(shop=shop, at__gte=timezone.now() - STOPPED).first()


def take_up_what_stopped() -> None:
    """Let shops be prepared anew whose process has ended over it."""
    for left in Learning.objects.filter(at__lt=timezone.now() - STOPPED):
        if Learning.objects.filter(pk=left.pk, at=left.at).delete()[0]:
            Shop.objects.filter(pk=left.pk).update(stale=True)
