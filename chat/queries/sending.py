"""`send`."""

from accounts.models import Account
from accounts.refusals import Reason, Refusal
from chat import limits
from chat.drafts import Draft
from chat.protocol import bodies
from chat.protocol.requests import Send
from chat.session import Session


async def send(session: Session, query: Send) -> Draft:
    """The message that is to be stored. Does not wait once the peer is known."""
    account = session.account
    peer = await session.peer(query.data.account)
    if peer.kind == Account.Kind.NOTIFICATION:
        raise Refusal(Reason.NOTIFICATION_ACCOUNT)
    body = bodies.check(query.data.message)
    limits.take_send(account.id, peer.id)
    return Draft(account, peer, body.json, body.preview, query.data.client_id)
