"""Actions on the chosen rows of a list, however many these are: some at a time, with each of them or none."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

AT_ONCE = 500
"""In one transaction: with SQLite nobody else writes meanwhile."""
MOST = 10_000
"""With one click."""


def in_batches(
    request: HttpRequest, chosen: QuerySet[Any], work: Callable[[list[Any]], object], at_once: int = AT_ONCE
) -> int:
    """Call `work` with some of the rows after others, each time in a transaction; returns with how many it was done.

    Whoever chose them is told if not all were done. Rows that are no longer among the chosen are left out.
    """
    # Reading on while writing would be a transaction that SQLite refuses as soon as anybody else writes.
    ids = list(chosen.order_by("-pk").values_list("pk", flat=True)[: MOST + 1])
    done = 0
    for first in range(0, min(len(ids), MOST), at_once):
        try:
            with transaction.atomic():
                rows = list(chosen.filter(pk__in=ids[first : min(first + at_once, MOST)]))
                work(rows)
        except OperationalError:
            messages.error(request, _("The database was busy: not all were done. The others are as they were."))
            return done
        done += len(rows)
    if len(ids) > MOST:
        said = _("Only %(most)d are done at a time, the newest of the chosen. The others are as they were.")
        messages.warning(request, said % {"most": MOST})
    return done
