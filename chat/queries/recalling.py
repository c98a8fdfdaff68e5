"""`recall`."""

from datetime import timedelta
from functools import partial

from django.conf import settings

from chat import recalls
from chat.database.pairs import pair
from chat.doors import limits
from chat.drafts import Change
from chat.protocol import bodies
from chat.protocol.requests import Recall
from chat.session import Session


async def recall(session: Session, query: Recall) -> Change:
    """Both sides see that something was said and taken back."""
    sender, peer = session.account, await session.peer(query.data.account)
    limits.take_send(sender.id, peer.id)
    seconds = settings.CHAT_RECALL_SECONDS
    work = partial(
        recalls.recall,
        sender=sender,
        recipient=peer,
        message_id=query.data.message_id,
        within=timedelta(seconds=seconds) if seconds else None,
        body=bodies.RECALLED.json,
        preview=bodies.RECALLED.preview,
    )
    return Change(pair(sender.id, peer.id), work)
