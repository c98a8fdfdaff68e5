"""Links from what a customer asked to where it was asked: conversations are known to the packages above."""

from collections.abc import Callable, Collection

from django.http import HttpRequest

from robots.models import Shop

Rule = Callable[[HttpRequest, Shop, Collection[int]], dict[int, str]]

_rules: list[Rule] = []


def linked_by(rule: Rule) -> Rule:
    """Say where talks of these accounts with the shop are read, those alone that whoever asks may read."""
    _rules.append(rule)
    return rule


def talks(request: HttpRequest, shop: Shop, account_ids: Collection[int]) -> dict[int, str]:
    """The addresses of these accounts' talks with the shop, as far as there are any that may be read."""
    return {account_id: page for rule in _rules for account_id, page in rule(request, shop, account_ids).items()}
