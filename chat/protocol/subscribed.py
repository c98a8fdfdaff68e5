"""What clients hear only after they asked for it in words that the customer's document does not have."""

from typing import Literal

import msgspec

from chat.protocol.frames import Flag, Frame, PairData

Event = Literal["typing", "online", "recall", "visit"]
"""The notices that a socket hears only after it subscribed to them."""


class SubscribedData(msgspec.Struct):
    """What this socket hears from now on, besides what all sockets hear."""

    events: list[Event]


class Subscribed(Frame, kw_only=True):
    """The answer to `subscribe`."""

    msg: Literal["操作成功"] = "操作成功"
    query: Literal["subscribe"] = "subscribe"
    data: SubscribedData


class SyncTypingData(msgspec.Struct):
    account: str
    chat_account: str
    typing: Flag


class SyncTyping(Frame, kw_only=True):
    """`chat_account` is writing to this account, or has stopped. What is not repeated lapses after six seconds."""

    query: Literal["sync_typing"] = "sync_typing"
    data: SyncTypingData


class Presence(msgspec.Struct):
    """`last_seen` is empty for who is online, and for who never was."""

    account: str
    online: Flag
    last_seen: str


class OnlineList(Frame, kw_only=True):
    """The answer to `online`: those about whom this account may ask, in the order in which it did."""

    query: Literal["online"] = "online"
    data: list[Presence]


class SyncOnlineData(msgspec.Struct):
    account: str
    chat_account: str
    online: Flag


class SyncOnline(Frame, kw_only=True):
    """`chat_account`, about whom this socket asked, came online or went offline."""

    query: Literal["sync_online"] = "sync_online"
    data: SyncOnlineData


class RecalledData(msgspec.Struct):
    account: str
    message_id: int


class Recalled(Frame, kw_only=True):
    """The answer to `recall`."""

    msg: Literal["操作成功"] = "操作成功"
    query: Literal["recall"] = "recall"
    data: RecalledData


class SyncRecallData(msgspec.Struct):
    """`is_last` tells that it was the conversation's newest message: what lists show of it changes too."""

    account: str
    chat_account: str
    message_id: int
    is_last: Flag


class SyncRecall(Frame, kw_only=True):
    """A message of the conversation with `chat_account` was taken back by its sender."""

    query: Literal["sync_recall"] = "sync_recall"
    data: SyncRecallData


class SyncVisit(Frame, kw_only=True):
    """The guest `chat_account` of this shop looks at another page; which one is told over HTTP."""

    query: Literal["sync_visit"] = "sync_visit"
    data: PairData
