"""`block`, `unblock` and `blocked`: whom an account wants to hear nothing from."""

from functools import partial

from chat import blocks
from chat.database.pairs import pair
from chat.database.reading import read
from chat.drafts import Change
from chat.protocol import frames
from chat.protocol.requests import Block, Blocked, Unblock, UsersData
from chat.protocol.times import shown
from chat.session import Session


async def block(session: Session, query: Block) -> Change:
    """Nothing that the peer sends from now on arrives."""
    peer = await session.peer(query.data.account)
    owner = session.account
    return Change(pair(owner.id, peer.id), partial(blocks.block, owner=owner, peer=peer))


async def unblock(session: Session, query: Unblock) -> Change:
    """It arrives again."""
    peer = await session.peer(query.data.account)
    owner = session.account
    return Change(pair(owner.id, peer.id), partial(blocks.unblock, owner=owner, peer=peer))


async def blocked(session: Session, query: Blocked) -> frames.BlockedList:
    """A page of those whom the account has blocked."""
    asked = query.data or UsersData()
    rows = await read(blocks.page, owner_id=session.account.id, page=asked.page, limit=asked.limit)
    return frames.BlockedList(
        data=[frames.BlockedUser(row.name, row.nickname or row.name, row.avatar, shown(row.since)) for row in rows]
    )
