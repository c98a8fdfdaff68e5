"""`enter_chats`, `leave_chats`, `chat_delete` and `top`: what a client does with a conversation as a whole."""

from functools import partial

from msgspec import UNSET

from chat import conversations
from chat.database.pairs import pair
from chat.drafts import Change
from chat.protocol.frames import Done
from chat.protocol.requests import ChatDelete, EnterChats, LeaveChats, Top
from chat.session import Session


async def enter_chats(session: Session, query: EnterChats) -> Change:
    """Everything the peer sent is read, and what it sends from now on is read as it arrives."""
    peer = await session.peer(query.data.account)
    owner = session.account
    # First in the room, then the read mark: what is stored in between is read by one or the other.
    session.enter(peer)
    return Change(pair(owner.id, peer.id), partial(conversations.enter, owner=owner, peer=peer), undo=session.leave)


async def leave_chats(session: Session, query: LeaveChats) -> Done | Change:
    """Out of the room; answered after the last message that was read on arrival."""
    viewed = session.viewed
    meant = query.data.account if query.data else UNSET
    if viewed is None or meant not in (UNSET, viewed.name):
        return Done()
    session.leave()
    return Change(pair(session.account.id, viewed.id), Done)


async def chat_delete(session: Session, query: ChatDelete) -> Change:
    """Out of the own list, and its messages so far hidden for good."""
    peer = await session.peer(query.data.account)
    owner = session.account
    return Change(pair(owner.id, peer.id), partial(conversations.clear, owner=owner, peer=peer))


async def top(session: Session, query: Top) -> Change:
    """To the top of the list, or back to its place."""
    peer = await session.peer(query.data.account)
    owner = session.account
    pinned = query.data.operation == "set"
    return Change(pair(owner.id, peer.id), partial(conversations.pin, owner=owner, peer=peer, pinned=pinned))
