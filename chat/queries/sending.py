"""`send`."""

from accounts.directory import AccountRef
from accounts.models import Account
from accounts.refusals import Reason, Refusal
from chat.doors import limits
from chat.drafts import Draft
from chat.protocol import bodies
from chat.protocol.requests import Send
from chat.session import Session


async def send(session: Session, query: Send) -> Draft:
    """The message that is to be stored."""
    return draft(session, query, await session.peer(query.data.account))


def draft(session: Session, query: Send, peer: AccountRef) -> Draft:
    """The message to this peer that is to be stored; `Refusal` if it may not be."""
    account = session.account
    if peer.kind == Account.Kind.NOTIFICATION:
        raise Refusal(Reason.NOTIFICATION_ACCOUNT)
    body = bodies.check(query.data.message)
    limits.take_send(account.id, peer.id)
    return Draft(account, peer, body.json, body.preview, query.data.client_id)
