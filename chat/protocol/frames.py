"""What clients hear: every answer and every notice. The customer's keys keep their names, places and meanings."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from chat.protocol.bodies import HeardBody

Flag = Literal[0, 1]


class Frame(msgspec.Struct, kw_only=True):
    """`code` is 0 unless something was refused; `seq` is the request's, on what answers it."""

    code: int = 0
    seq: int | str | UnsetType = UNSET


class Connected(Frame, kw_only=True):
    """The first frame on every socket."""

    msg: Literal["连接成功"] = "连接成功"
    query: Literal["connect"] = "connect"


class Pong(Frame, kw_only=True):
    """The answer to the text `ping`."""

    msg: Literal["pong"] = "pong"
    query: Literal["ping"] = "ping"


class SignedIn(Frame, kw_only=True):
    """The answer to `login`."""

    msg: Literal["登录成功"] = "登录成功"
    query: Literal["login"] = "login"


class ClientIdData(msgspec.Struct):
    client_id: str


class Error(Frame, kw_only=True):
    """Something was refused; nothing was written. `field` names a wrong field, `retry_after` the seconds to wait."""

    code: Literal[2] = 2
    msg: str
    query: str
    reason: str | UnsetType = UNSET
    field: str | UnsetType = UNSET
    retry_after: float | UnsetType = UNSET
    data: ClientIdData | UnsetType = UNSET


class Done(Frame, kw_only=True):
    """The answer to `leave_chats`, and to a `typing` that has a `seq`."""

    msg: Literal["操作成功"] = "操作成功"
    query: Literal["leave_chats", "typing"] = "leave_chats"


class User(msgspec.Struct):
    """One conversation of the list. `type` is 1, or -1 for the app's notifications.

    `message_id` is that of the newest message: the row takes account of everything up to it.
    """

    account: str
    nickname: str
    avatar: str
    last_msg: str
    last_time: str
    noread_nums: int
    is_top: Flag
    type: Literal[1, -1]
    message_id: int


class UserList(Frame, kw_only=True):
    """The answer to `users`."""

    query: Literal["users"] = "users"
    data: list[User]


class Item(msgspec.Struct):
    """One message of a list. `message_id` repeats `id`; `recalled` tells that its sender took it back, `robot` and
    `handover` are as in `user_message`."""

    id: int
    message_id: int
    from_account: str
    to_account: str
    message: HeardBody
    is_read: Flag
    created_at: str
    recalled: Literal[1] | UnsetType = UNSET
    robot: Literal[1] | UnsetType = UNSET
    handover: Literal[1] | UnsetType = UNSET


class ItemsData(msgspec.Struct):
    target_account: str
    target_nickname: str
    target_avatar: str
    my_avatar: str
    list: list[Item]
    has_more: bool


class Items(Frame, kw_only=True):
    """The answer to `chats` and `history_chats`: messages from the oldest to the newest."""

    query: Literal["chats", "history_chats"]
    data: ItemsData


class UserMessageData(msgspec.Struct):
    """`is_read` tells that the message was read on arrival and is not counted; `robot` that a robot wrote it, and
    `handover` that it leaves the rest to people."""

    account: str
    message: HeardBody
    created_at: str | UnsetType = UNSET
    is_read: Flag | UnsetType = UNSET
    robot: Literal[1] | UnsetType = UNSET
    handover: Literal[1] | UnsetType = UNSET


class UserMessage(Frame, kw_only=True):
    """A message to this account. A robot's menu has no `message_id`: it is not stored."""

    query: Literal["user_message"] = "user_message"
    message_id: int | UnsetType = UNSET
    data: UserMessageData


class SyncSayData(msgspec.Struct):
    """`account` is this account, which sent the message to `chat_account`."""

    account: str
    chat_account: str
    message: HeardBody
    created_at: str
    is_read: Flag
    client_id: str | UnsetType = UNSET
    robot: Literal[1] | UnsetType = UNSET
    handover: Literal[1] | UnsetType = UNSET


class SyncSay(Frame, kw_only=True):
    """Another socket of this account, or its robot, sent a message."""

    query: Literal["sync_say"] = "sync_say"
    message_id: int
    data: SyncSayData


class SyncReadData(msgspec.Struct):
    """`account` is this account, the sender; `chat_account` is who has read the message, or not yet."""

    account: str
    chat_account: str
    is_read: Flag
    client_id: str | UnsetType = UNSET


class SyncRead(Frame, kw_only=True):
    """The receipt of a message: it is stored for good. Without `created_at`: messages up to this one are read."""

    query: Literal["sync_read"] = "sync_read"
    message_id: int
    created_at: str | UnsetType = UNSET
    data: SyncReadData


class SyncAllNoreadNumsData(msgspec.Struct):
    """`chat_account` is the conversation that made the total change; nothing in it is unread now.

    Without one the total was counted anew, as what was told before may have been wrong.
    """

    account: str
    all_noread_nums: int
    chat_account: str | UnsetType = UNSET


class SyncAllNoreadNums(Frame, kw_only=True):
    """This account's total of unread messages has changed."""

    query: Literal["sync_all_noread_nums"] = "sync_all_noread_nums"
    data: SyncAllNoreadNumsData


class PairData(msgspec.Struct):
    account: str
    chat_account: str


class SyncChat(Frame, kw_only=True):
    """`chat_account` came into the room with this account and has read everything it was sent."""

    query: Literal["sync_chat"] = "sync_chat"
    data: PairData


class SyncChatDelete(Frame, kw_only=True):
    """Another socket of this account deleted the conversation with `chat_account`."""

    query: Literal["sync_chat_delete"] = "sync_chat_delete"
    data: PairData


class ToppedData(msgspec.Struct):
    account: str
    is_top: Flag


class Topped(Frame, kw_only=True):
    """The answer to `top`."""

    msg: Literal["操作成功"] = "操作成功"
    query: Literal["top"] = "top"
    data: ToppedData


class SyncTopData(msgspec.Struct):
    account: str
    chat_account: str
    is_top: Flag


class SyncTop(Frame, kw_only=True):
    """Another socket of this account pinned a conversation, or took its pin off."""

    query: Literal["sync_top"] = "sync_top"
    data: SyncTopData


class BlockData(msgspec.Struct):
    account: str
    is_blocked: Flag


class BlockChanged(Frame, kw_only=True):
    """The answer to `block` and `unblock`."""

    msg: Literal["操作成功"] = "操作成功"
    query: Literal["block", "unblock"]
    data: BlockData


class SyncBlockData(msgspec.Struct):
    account: str
    chat_account: str
    is_blocked: Flag


class SyncBlock(Frame, kw_only=True):
    """Another socket of this account, or staff, blocked `chat_account` or unblocked it."""

    query: Literal["sync_block"] = "sync_block"
    data: SyncBlockData


class BlockedUser(msgspec.Struct):
    """Somebody who is blocked, since `created_at`."""

    account: str
    nickname: str
    avatar: str
    created_at: str


class BlockedList(Frame, kw_only=True):
    """The answer to `blocked`."""

    query: Literal["blocked"] = "blocked"
    data: list[BlockedUser]


_encoder = msgspec.json.Encoder()


def encode(frame: Frame) -> str:
    """The frame as the text that goes over the socket."""
    return _encoder.encode(frame).decode()
