"""Finding messages and conversations by an account's name. Every query here is bounded and reads an index."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import Account
from chat.messages import between
from chat.models import Conversation, Message

MOST_ACCOUNTS = 20
MOST_CONVERSATIONS = 50
"""The latest of the accounts. The list of conversations leads to the messages of older ones."""


def named(text: str) -> list[int]:
    """The ids of the accounts of that name, in whichever app; if there are none, of some whose names begin with it."""
    exact = Account.objects.filter(name=text).order_by()
    found = list(exact.values_list("id", flat=True)[:MOST_ACCOUNTS])
    return found or list(
        Account.objects.filter(name__begins=text).order_by().values_list("id", flat=True)[:MOST_ACCOUNTS]
    )


def newest_messages(accounts: Iterable[int], *, below: int | None, limit: int) -> list[int]:
    """The ids of the newest messages in the accounts' latest conversations, below an id, from the newest on.

    Nothing but a conversation's two sides leads to its messages, so the pairs come from the conversations, and each
    pair gives no more than is asked for.
    """
    views = Conversation.objects.filter(owner_id__in=list(accounts)).order_by("-last_message_id")
    pairs = set(views.values_list("owner_id", "peer_id")[:MOST_CONVERSATIONS])
    pieces = [_newest_of_pair(one, other, below, limit) for one, other in sorted(pairs)]
    if not pieces:
        return []
    first, *others = pieces
    return sorted(set(first.union(*others, all=True)), reverse=True)[:limit]


def _newest_of_pair(one: int, other: int, below: int | None, limit: int) -> QuerySet[Message, int]:
    messages = between(one, other).order_by("-id")
    if below is not None:
        messages = messages.filter(id__lt=below)
    # The limit stands in a query of its own since SQLite has none for the parts of a union.
    return Message.objects.filter(id__in=messages.values("id")[:limit]).order_by().values_list("id", flat=True)
