"""Finding messages and conversations by an account's name. Every query here is bounded and reads an index."""

from django.db.models import Q, QuerySet

from accounts.models import Account
from accounts.staff import Somebody, limited
from chat.admin.sides import one_of_each, with_the_app
from chat.messages import between
from chat.models import Conversation, Message
from robots.admin.shops import named
from robots.staff import accounts_of

MOST_ACCOUNTS = 20
MOST_CONVERSATIONS = 50
"""The latest of them. The list of conversations leads to the messages of older ones."""
MOST_SHOPS = 500
"""With which customers of some name talked, the latest of them."""


def of_somebody(user: Somebody, views: QuerySet[Conversation], text: str) -> QuerySet[Conversation]:
    """Those of the conversations that accounts of that name have, or shops.

    Who works for some shops sees their sides alone, and looks for the customers on the other.
    """
    if not limited(user):
        return views.filter(owner_id__in=_called(text, Account.objects.all()))
    own = accounts_of(user)
    others = _called(text, Account.objects.filter(app__in=own.values("app")))
    return views.filter(Q(peer_id__in=others) | Q(owner_id__in=named(text, own)))


def talks_of_somebody(views: QuerySet[Conversation], text: str) -> QuerySet[Conversation]:
    """Of each talk of accounts of that name, or of shops, the one side that the list of all conversations shows."""
    owners = _called(text, Account.objects.all())
    shops = with_the_app(Conversation.objects.filter(owner_id__in=owners))
    latest = list(shops.order_by("-last_message_id").values_list("owner_id", "peer_id")[:MOST_SHOPS])
    sides = Q(owner_id__in=[shop for _, shop in latest], peer_id__in=[customer for customer, _ in latest])
    turned = list(Conversation.objects.filter(sides).order_by("-id").values_list("id", flat=True)[: 2 * MOST_SHOPS])
    return one_of_each(views.filter(Q(owner_id__in=owners) | Q(id__in=turned)), owners)


def newest_messages(views: QuerySet[Conversation], *, below: int | None, limit: int) -> list[int]:
    """The ids of the newest messages in the latest of the conversations, below an id, from the newest on.

    Nothing but a conversation's two sides leads to its messages, so the pairs come from the conversations, and each
    pair gives no more than is asked for.
    """
    pairs = set(views.order_by("-last_message_id").values_list("owner_id", "peer_id")[:MOST_CONVERSATIONS])
    pieces = [_newest_of_pair(one, other, below, limit) for one, other in sorted(pairs)]
    if not pieces:
        return []
    first, *others = pieces
    return sorted(set(first.union(*others, all=True)), reverse=True)[:limit]


def _called(text: str, accounts: QuerySet[Account]) -> list[int]:
    """The ids of those accounts of that name; if there are none, of some whose names or nicknames begin with it.

    Shops are few enough to be found by any part of their names.
    """
    exact = accounts.filter(name=text).order_by()
    found = list(exact.values_list("id", flat=True)[:MOST_ACCOUNTS])
    if found:
        return found
    begins = accounts.filter(Q(name__begins=text) | Q(nickname__begins=text)).order_by()
    return [*begins.values_list("id", flat=True)[:MOST_ACCOUNTS], *named(text, accounts)]


def _newest_of_pair(one: int, other: int, below: int | None, limit: int) -> QuerySet[Message, int]:
    messages = between(one, other).order_by("-id")
    if below is not None:
        messages = messages.filter(id__lt=below)
    # The limit stands in a query of its own since SQLite has none for the parts of a union.
    return Message.objects.filter(id__in=messages.values("id")[:limit]).order_by().values_list("id", flat=True)
