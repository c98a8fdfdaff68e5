"""Every query that clients may ask, with the function that does it. Signed in is the rule; `public` the exception."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from chat.drafts import Change, Draft
from chat.events import Typed
from chat.protocol import requests
from chat.protocol.frames import Frame
from chat.queries import blocking, hints, lists, recalling, robot, rooms, sending, sign_in
from chat.session import Session

Answer = Frame | Draft | Change | Typed
"""A frame is said to the asking socket; a draft or a change is written, and what comes of it is published. What is
never written is published as it is."""


@dataclass(frozen=True, slots=True)
class Verb:
    """How a query is done."""

    handle: Callable[[Session, Any], Awaitable[Answer]]
    public: bool = False
    reads: bool = False
    """It answers with what stands in the database: what is told meanwhile is told after the answer."""
    includes: Callable[[Any], dict[str, int]] | None = None
    """Up to which message the answer holds which conversations: those up to there are told before it."""


TABLE: dict[type[requests.Request], Verb] = {
    requests.Login: Verb(sign_in.login, public=True),
    requests.Users: Verb(lists.users, reads=True, includes=lists.counted),
    requests.Chats: Verb(lists.chats, reads=True, includes=lists.shown_of),
    requests.HistoryChats: Verb(lists.history_chats, reads=True, includes=lists.shown_of),
    requests.EnterChats: Verb(rooms.enter_chats),
    requests.LeaveChats: Verb(rooms.leave_chats),
    requests.ChatDelete: Verb(rooms.chat_delete),
    requests.Top: Verb(rooms.top),
    requests.Send: Verb(sending.send),
    requests.Robot: Verb(robot.ask),
    requests.Block: Verb(blocking.block),
    requests.Unblock: Verb(blocking.unblock),
    requests.Blocked: Verb(blocking.blocked, reads=True),
    requests.Subscribe: Verb(hints.subscribe),
    requests.Typing: Verb(hints.typing),
    requests.Online: Verb(hints.online),
    requests.Recall: Verb(recalling.recall),
}
