"""`users`, `chats` and `history_chats`: what a client fetches when it starts and when it comes back."""

from typing import Literal

from msgspec import UNSET, Raw

from accounts.models import Account
from chat import conversations, history
from chat.database.reading import read
from chat.models import Remark
from chat.protocol import frames
from chat.protocol.requests import Chats, HistoryChats, Users, UsersData
from chat.protocol.times import shown
from chat.session import Session

CHATS = 20


async def users(session: Session, query: Users) -> frames.UserList:
    """A page of the conversation list."""
    asked = query.data or UsersData()
    owner_id = session.account.id
    rows = await read(conversations.page, owner_id=owner_id, page=asked.page, limit=asked.limit)
    return frames.UserList(
        data=[
            frames.User(
                account=row.name,
                nickname=row.nickname or row.name,
                avatar=row.avatar,
                last_msg=row.preview,
                last_time=shown(row.last_message_at),
                noread_nums=row.unread,
                is_top=1 if row.pinned else 0,
                type=-1 if row.kind == Account.Kind.NOTIFICATION else 1,
                message_id=row.last_message_id,
            )
            for row in rows
        ]
    )


def counted(users: frames.UserList) -> dict[str, int]:
    """Up to which message each row of the list counts, by the other account's name."""
    return {row.account: row.message_id for row in users.data}


def shown_of(items: frames.Items) -> dict[str, int]:
    """Up to which message the page goes, by the other account's name."""
    data = items.data
    return {data.target_account: data.list[-1].message_id} if data.list else {}


async def chats(session: Session, query: Chats) -> frames.Items:
    """The newest messages of a conversation."""
    peer = await session.peer(query.data.account)
    page = await read(history.older, owner_id=session.account.id, peer_id=peer.id, before=None, limit=CHATS)
    return _items("chats", page)


async def history_chats(session: Session, query: HistoryChats) -> frames.Items:
    """A page before `start_id`, or after `after_id`."""
    asked = query.data
    peer = await session.peer(asked.account)
    if asked.after_id is not UNSET:
        page = await read(
            history.newer, owner_id=session.account.id, peer_id=peer.id, after=asked.after_id, limit=asked.limit
        )
    else:
        page = await read(
            history.older,
            owner_id=session.account.id,
            peer_id=peer.id,
            before=asked.start_id or None,
            limit=asked.limit,
        )
    return _items("history_chats", page)


def _items(query: Literal["chats", "history_chats"], page: history.Page) -> frames.Items:
    names = {page.owner.pk: page.owner.name, page.peer.pk: page.peer.name}
    return frames.Items(
        query=query,
        data=frames.ItemsData(
            target_account=page.peer.name,
            target_nickname=page.peer.shown_name,
            target_avatar=page.peer.avatar,
            my_avatar=page.owner.avatar,
            list=[
                frames.Item(
                    id=line.id,
                    message_id=line.id,
                    from_account=names[line.sender_id],
                    to_account=names[line.recipient_id],
                    message=Raw(line.body.encode()),
                    is_read=1 if line.read else 0,
                    created_at=shown(line.created_at),
                    recalled=1 if line.recalled_at else UNSET,
                    robot=1 if line.robot else UNSET,
                    handover=1 if line.robot == Remark.HANDOVER else UNSET,
                )
                for line in page.lines
            ],
            has_more=page.has_more,
        ),
    )
