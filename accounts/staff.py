"""Which rows somebody of the staff may see: all of them, or what belongs to them alone.

What belongs to whom is known to the packages above, each of which says it here of its own models.
"""

from collections.abc import Callable
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, Q, QuerySet

Somebody = User | AnonymousUser
Row = TypeVar("Row", bound=Model)

EVERYTHING = "accounts.see_everything"
"""The permission of those who are not limited."""

_rules: dict[type[Model], Callable[[Somebody], Q]] = {}


def limited(user: Somebody) -> bool:
    """Whether somebody sees only what is theirs."""
    return not user.has_perm(EVERYTHING)


def limit(model: type[Model], rule: Callable[[Somebody], Q]) -> None:
    """Say which rows of a model somebody sees who is limited. Without a rule these people see none of them."""
    _rules[model] = rule


def has_rule(model: type[Model]) -> bool:
    """Whether those who are limited may see anything of this model."""
    return model in _rules


def seen(user: Somebody, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those of the rows that somebody may see. Every page of the admin fetches what it shows through this."""
    if not limited(user):
        return rows
    rule = _rules.get(rows.model)
    return rows.filter(rule(user)) if rule else rows.none()
