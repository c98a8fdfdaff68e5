"""`send`."""

from django.conf import settings

from accounts.models import Account
from accounts.refusals import Reason, Refusal
from accounts.throttle import Throttle
from chat.drafts import Draft
from chat.protocol import bodies
from chat.protocol.requests import Send
from chat.session import Session

sends = Throttle(settings.CHAT_SENDS_PER_MINUTE)
"""Messages of an account, its questions to robots included."""


async def send(session: Session, query: Send) -> Draft:
    """The message that is to be stored. Does not wait once the peer is known."""
    account = session.account
    peer = await session.peer(query.data.account)
    if peer.kind == Account.Kind.NOTIFICATION:
        raise Refusal(Reason.NOTIFICATION_ACCOUNT)
    body = bodies.check(query.data.message)
    sends.take(account.id)
    return Draft(account, peer, body.json, body.preview, query.data.client_id)
