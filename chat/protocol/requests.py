"""What clients ask: one `Query` for each verb of the protocol, with the bounds of its fields."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chat.protocol.bodies import SentBody

LARGEST_ID = 2**63 - 1

Seq = Annotated[int, Meta(ge=-LARGEST_ID, le=LARGEST_ID)] | Annotated[str, Meta(max_length=64)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Number = Annotated[int, Meta(ge=0, le=LARGEST_ID)]
PageSize = Annotated[int, Meta(ge=1, le=100)]


class Request(msgspec.Struct, kw_only=True, frozen=True, tag_field="query"):
    """Any request may carry `seq`; whatever answers it on its socket carries it back."""

    seq: Seq | UnsetType = UNSET


class LoginData(msgspec.Struct, frozen=True):
    """Either `token`, or `account` and `password`. `source`: 1 app, 2 WeChat, 3 Alipay, 4 PC; a token's own counts."""

    account: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    password: Annotated[str, Meta(max_length=128)] | UnsetType = UNSET
    token: Annotated[str, Meta(max_length=512)] | UnsetType = UNSET
    source: Annotated[int, Meta(ge=1, le=4)] = 1


class Login(Request, kw_only=True, frozen=True, tag="login"):
    """Sign this socket in."""

    data: LoginData
    appid: Annotated[str, Meta(max_length=64)] = ""


class UsersData(msgspec.Struct, frozen=True):
    page: Annotated[int, Meta(ge=1, le=10**9)] = 1
    limit: PageSize = 20


class Users(Request, kw_only=True, frozen=True, tag="users"):
    """A page of the conversation list."""

    data: UsersData | None = None


class PeerData(msgspec.Struct, frozen=True):
    """The other account of a conversation."""

    account: Name


class Chats(Request, kw_only=True, frozen=True, tag="chats"):
    """The newest messages of a conversation."""

    data: PeerData


class HistoryData(msgspec.Struct, frozen=True):
    """`start_id` pages backwards from an id, `after_id` forwards; neither includes the id itself."""

    account: Name
    start_id: Number = 0
    after_id: Number | UnsetType = UNSET
    limit: PageSize = 20


class HistoryChats(Request, kw_only=True, frozen=True, tag="history_chats"):
    """A further page of a conversation."""

    data: HistoryData


class SendData(msgspec.Struct, frozen=True):
    account: Name
    message: SentBody
    client_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None


class Send(Request, kw_only=True, frozen=True, tag="send"):
    """Send a message."""

    data: SendData


class ChatDelete(Request, kw_only=True, frozen=True, tag="chat_delete"):
    """Delete a conversation from the own list."""

    data: PeerData


class EnterChats(Request, kw_only=True, frozen=True, tag="enter_chats"):
    """Go into the room with somebody."""

    data: PeerData


class LeaveData(msgspec.Struct, frozen=True):
    account: Name | UnsetType = UNSET


class LeaveChats(Request, kw_only=True, frozen=True, tag="leave_chats"):
    """Leave the room, or that with one account alone."""

    data: LeaveData | None = None


class TopData(msgspec.Struct, frozen=True):
    account: Name
    operation: Literal["set", "cancel"]


class Top(Request, kw_only=True, frozen=True, tag="top"):
    """Pin a conversation, or take its pin off."""

    data: TopData


class Block(Request, kw_only=True, frozen=True, tag="block"):
    """Hear nothing from somebody any more."""

    data: PeerData


class Unblock(Request, kw_only=True, frozen=True, tag="unblock"):
    """Hear from somebody again."""

    data: PeerData


class Blocked(Request, kw_only=True, frozen=True, tag="blocked"):
    """A page of those who are blocked."""

    data: UsersData | None = None


class RobotData(msgspec.Struct, frozen=True):
    """Without `content` and `question_id` the menu is asked for."""

    account: Name
    shop_id: Number
    content: Annotated[str, Meta(max_length=5000)] = ""
    question_id: Number | UnsetType = UNSET
    api_token: Annotated[str, Meta(max_length=512)] = ""


class Robot(Request, kw_only=True, frozen=True, tag="robot"):
    """Ask a shop's robot for its menu or for an answer."""

    data: RobotData


class SubscribeData(msgspec.Struct, frozen=True):
    """The added notices that this socket wants from now on; names that the server does not know are passed over."""

    events: Annotated[list[Annotated[str, Meta(max_length=32)]], Meta(max_length=20)]


class Subscribe(Request, kw_only=True, frozen=True, tag="subscribe"):
    """Ask for notices that no socket hears unasked."""

    data: SubscribeData


class TypingData(msgspec.Struct, frozen=True):
    account: Name
    typing: Literal[0, 1] = 1


class Typing(Request, kw_only=True, frozen=True, tag="typing"):
    """Tell somebody that one is writing, or has stopped."""

    data: TypingData


class OnlineData(msgspec.Struct, frozen=True):
    accounts: Annotated[list[Name], Meta(max_length=100)]


class Online(Request, kw_only=True, frozen=True, tag="online"):
    """Who of these is online."""

    data: OnlineData


class RecallData(msgspec.Struct, frozen=True):
    account: Name
    message_id: Number


class Recall(Request, kw_only=True, frozen=True, tag="recall"):
    """Take back a message that was sent to `account`."""

    data: RecallData


Query = (
    Login
    | Users
    | Chats
    | HistoryChats
    | Send
    | ChatDelete
    | EnterChats
    | LeaveChats
    | Top
    | Robot
    | Block
    | Unblock
    | Blocked
    | Subscribe
    | Typing
    | Online
    | Recall
)
