"""Finding messages and conversations by an account's name. Every query here is bounded and reads an index."""

from django.db.models import QuerySet

from accounts.models import Account
from accounts.staff import Somebody, limited
from chat.messages import between
from chat.models import Conversation, Message
from robots.staff import accounts_of

MOST_ACCOUNTS = 20
MOST_CONVERSATIONS = 50
"""The latest of them. The list of conversations leads to the messages of older ones."""


def of_somebody(user: Somebody, views: QuerySet[Conversation], text: str) -> QuerySet[Conversation]:
    """Those of the conversations that accounts of that name have.

    Who works for some shops sees their sides alone, and looks for the customers on the other.
    """
    if not limited(user):
        return views.filter(owner_id__in=_named(text, Account.objects.all()))
    apps = accounts_of(user).values("app")
    return views.filter(peer_id__in=_named(text, Account.objects.filter(app__in=apps)))


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


def _named(text: str, accounts: QuerySet[Account]) -> list[int]:
    """The ids of those accounts of that name; if there are none, of some whose names begin with it."""
    exact = accounts.filter(name=text).order_by()
    found = list(exact.values_list("id", flat=True)[:MOST_ACCOUNTS])
    return found or list(accounts.filter(name__begins=text).order_by().values_list("id", flat=True)[:MOST_ACCOUNTS])


def _newest_of_pair(one: int, other: int, below: int | None, limit: int) -> QuerySet[Message, int]:
    messages = between(one, other).order_by("-id")
    if below is not None:
        messages = messages.filter(id__lt=below)
    # The limit stands in a query of its own since SQLite has none for the parts of a union.
    return Message.objects.filter(id__in=messages.values("id")[:limit]).order_by().values_list("id", flat=True)
