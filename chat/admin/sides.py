"""The two sides of a conversation: in the admin the shop stands on the right, as its people see it."""

from collections.abc import Collection
from typing import Any, NamedTuple, Self

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from accounts.models import Account
from chat.models import Conversation


class Sides(NamedTuple):
    """Who talks with whom: the customer, and the shop or the app's notification account."""

    left: Account
    right: Account

    @classmethod
    def of(cls, talk: Conversation) -> Self:
        """Between others than a customer and a shop the owner is on the right. Reads `owner.shop` and `peer.shop`."""
        turned = speaks_for_app(talk.peer) and not speaks_for_app(talk.owner)
        return cls(talk.owner, talk.peer) if turned else cls(talk.peer, talk.owner)


def speaks_for_app(account: Account) -> bool:
    """Whether it is a shop's, or sends notifications."""
    return account.kind == Account.Kind.NOTIFICATION or hasattr(account, "shop")


def called(account: Account) -> str:
    """What staff know it by: the shop's name, or its own with what people see."""
    if hasattr(account, "shop"):
        return account.shop.name
    if account.kind == Account.Kind.NOTIFICATION or account.shown_name == account.name:
        return account.shown_name
    return f"{account.shown_name} ({account.name})"


class Named:
    """A conversation by the names of who talks; the log of what staff did keeps numbers, for people may be erased."""

    def __init__(self, talk: Conversation) -> None:
        self._talk = talk

    def __str__(self) -> str:
        return " ↔ ".join(map(called, Sides.of(self._talk)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._talk, name)


def with_the_app(views: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """Those sides of whoever talks with a shop, or was told something."""
    return _ranked(views).filter(rank__lt=0)


def one_of_each(views: QuerySet[Conversation], owners: Collection[int] | None = None) -> QuerySet[Conversation]:
    """Of the two sides of a talk one alone: who speaks for the app, else the account that came first.

    Where only some are owners of `views`, these are named; sides of who speaks for the app with them are there, too.
    """
    other = Conversation.objects.filter(owner=OuterRef("peer"), peer=OuterRef("owner"))
    unnamed = Q() if owners is None else Q(rank=0) & ~Q(peer__in=owners)
    return _ranked(views).filter(Q(rank__gt=0) | Q(rank=0, owner__lt=F("peer")) | unnamed | ~Exists(other))


def _ranked(views: QuerySet[Conversation]) -> QuerySet[Any]:
    """With `rank`: above zero for the side of who speaks for the app, below it for who talks with them."""
    return views.annotate(rank=_speaks("owner") - _speaks("peer"))


def _speaks(side: str) -> Case:
    for_app = Q(**{f"{side}__kind": Account.Kind.NOTIFICATION}) | Q(**{f"{side}__shop__isnull": False})
    return Case(When(for_app, Value(1)), default=Value(0))
