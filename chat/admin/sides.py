"""The two sides of a conversation: in the admin the shop stands on the right, as its people see it."""

from typing import NamedTuple, Self

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
