"""Who waits for an answer to a gap, and telling them."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone

from accounts.models import Account
from robots.models import Gap

WAITING = timedelta(days=7)
"""Who asked longer ago does not wait for an answer any more."""

customers_wait = Signal()
"""Customers who asked are to be told something: `shop`, `account_ids`, `text`, and `key`, which names the occasion.

Receivers return how many were told.
"""

_rules: list[Callable[[Gap], Q]] = []


def only_where(rule: Callable[[Gap], Q]) -> None:
    """Say which questions of a gap still wait. What becomes of a talk is known to the packages above."""
    _rules.append(rule)


def waiting(gap: Gap) -> list[int]:
    """The accounts that wait for an answer, each once, and can be told it."""
    if not gap.shop.account.enabled:
        return []
    asked = gap.questions.filter(settled=False, asked_at__gte=timezone.now() - WAITING)
    asked = asked.filter(asker__enabled=True, asker__kind=Account.Kind.PERSON).exclude(asker=gap.shop.account_id)
    for rule in _rules:
        asked = asked.filter(rule(gap))
    return list(asked.order_by("asker").values_list("asker", flat=True).distinct())


def occasion(gap: Gap) -> str:
    """What the keys of all that customers were told about the gap begin with."""
    return f"gap-{gap.pk}-"


def tell(gap: Gap, account_ids: list[int], text: str) -> int:
    """Reply to these customers as the shop; how many were told. Once for each decision, after its commit."""
    key = occasion(gap) + secrets.token_hex(4)
    told: list[tuple[Any, Any]] = customers_wait.send(Gap, shop=gap.shop, account_ids=account_ids, text=text, key=key)
    return sum(count for _, count in told)
