"""`enter_chats`, `leave_chats`, `chat_delete` and `top`: what a client does with a conversation as a whole."""

from functools import partial

from chat import conversations, writer
from chat.events import ConversationCleared, ConversationEntered, ConversationPinned
from chat.pairs import pair
from chat.protocol.frames import Done
from chat.protocol.requests import ChatDelete, EnterChats, LeaveChats, Top
from chat.session import Session


async def enter_chats(session: Session, query: EnterChats) -> ConversationEntered:
    """Everything the peer sent is read, and what it sends from now on is read as it arrives."""
    peer = await session.peer(query.data.account)
    owner = session.account
    # First in the room, then the read mark: what is stored in between is read by one or the other.
    session.enter(peer)
    try:
        work = partial(conversations.enter, owner=owner, peer=peer)
        return await writer.current().change(pair(owner.id, peer.id), work)
    except BaseException:
        session.leave()
        raise


async def leave_chats(session: Session, query: LeaveChats) -> Done:
    """Out of the room; answered after the last message that was read on arrival."""
    viewed = session.viewed
    if viewed is not None and (query.data is None or query.data.account == viewed.name):
        session.leave()
        await writer.current().settled()
    return Done()


async def chat_delete(session: Session, query: ChatDelete) -> ConversationCleared:
    """Out of the own list, and its messages so far hidden for good."""
    peer = await session.peer(query.data.account)
    owner = session.account
    work = partial(conversations.clear, owner=owner, peer=peer)
    return await writer.current().change(pair(owner.id, peer.id), work)


async def top(session: Session, query: Top) -> ConversationPinned:
    """To the top of the list, or back to its place."""
    peer = await session.peer(query.data.account)
    owner = session.account
    work = partial(conversations.pin, owner=owner, peer=peer, pinned=query.data.operation == "set")
    return await writer.current().change(pair(owner.id, peer.id), work)
