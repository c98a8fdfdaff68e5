"""Conversations made up in bulk, to see how the server does when much is stored."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.utils import timezone

from accounts.directory import AccountRef
from accounts.lifecycle import create_test_accounts
from accounts.models import Account
from chat.database.pairs import exclusive
from chat.drafts import Draft
from chat.messages import store
from chat.protocol.bodies import text_body

AT_ONCE = 5000
"""Messages in one transaction."""


def make(*, account: Account, conversations: int, messages: int, password: str) -> Iterator[int]:
    """Have `account` talk with as many made-up accounts, in turns, about one message a second; nobody reads anything.

    Yields how many messages are stored so far. The accounts are called after it, NAME-0, NAME-1 …
    """
    peers = _peers(account, conversations, password)
    me = AccountRef.of(account)
    began = timezone.now() - timedelta(seconds=messages)
    for first in range(0, messages, AT_ONCE):
        drafts = [_draft(number, me, peers) for number in range(first, min(first + AT_ONCE, messages))]
        with exclusive({draft.pair for draft in drafts}):
            store(drafts, at=began + timedelta(seconds=first))
        yield first + len(drafts)


def _peers(account: Account, count: int, password: str) -> list[AccountRef]:
    prefix = f"{account.name}-"
    create_test_accounts(app=account.app, prefix=prefix, count=count, password=password)
    named = Account.objects.filter(app_id=account.app_id, name__startswith=prefix)
    by_name = {peer.name: AccountRef.of(peer) for peer in named}
    return [by_name[f"{prefix}{number}"] for number in range(count)]


def _draft(number: int, me: AccountRef, peers: Sequence[AccountRef]) -> Draft:
    """The message of that number: round after round with every peer, each round in the other direction."""
    peer = peers[number % len(peers)]
    mine = number // len(peers) % 2 == 1
    body = text_body(f"这是第 {number + 1} 条消息，亲，请问这款还有货吗？")
    return Draft(me if mine else peer, peer if mine else me, body.json, body.preview)
