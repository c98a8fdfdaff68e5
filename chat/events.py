"""What happened, told in the past tense. Domain functions return events; only `chat.delivery` publishes them."""

from dataclasses import dataclass
from datetime import datetime

from accounts.directory import AccountRef
from chat.models import Remark


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A message is stored for good."""

    message_id: int
    sender: AccountRef
    recipient: AccountRef
    body: str
    client_id: str | None
    created_at: datetime
    read: bool
    """The recipient was in the room with the sender when it was stored."""
    robot: Remark | None = None
    """What the shop's robot said with it."""


@dataclass(frozen=True, slots=True)
class SendRepeated:
    """A message with this `client_id` had been stored before; nothing was written now."""

    message_id: int
    sender: AccountRef
    recipient: AccountRef
    client_id: str
    created_at: datetime
    read: bool


@dataclass(frozen=True, slots=True)
class ConversationEntered:
    """The owner went into the room with the peer and has now read everything."""

    owner: AccountRef
    peer: AccountRef
    total_unread: int


@dataclass(frozen=True, slots=True)
class MessagesRead:
    """What the peer sent arrived while the owner was in the room, and is read."""

    owner: AccountRef
    peer: AccountRef
    up_to: int
    total_unread: int


@dataclass(frozen=True, slots=True)
class UnreadRecounted:
    """What waits for the owner in all conversations was counted anew, as it may have been told wrong."""

    owner: AccountRef
    total_unread: int


@dataclass(frozen=True, slots=True)
class ConversationCleared:
    """The owner deleted the conversation from the own list."""

    owner: AccountRef
    peer: AccountRef
    total_unread: int


@dataclass(frozen=True, slots=True)
class ConversationPinned:
    """The owner pinned the conversation to the top of the list, or took the pin off."""

    owner: AccountRef
    peer: AccountRef
    pinned: bool


@dataclass(frozen=True, slots=True)
class PeerBlocked:
    """The owner blocked the peer, or, where `blocked` is False, unblocked it."""

    owner: AccountRef
    peer: AccountRef
    blocked: bool


@dataclass(frozen=True, slots=True)
class MessageRecalled:
    """The sender took a message back; what it said is gone for good."""

    message_id: int
    sender: AccountRef
    recipient: AccountRef
    newest: bool
    """It was the conversation's newest message, so that the previews of both lists have changed."""


@dataclass(frozen=True, slots=True)
class RecallRepeated:
    """The message had been taken back before; nothing was written now."""

    message_id: int
    sender: AccountRef
    recipient: AccountRef


@dataclass(frozen=True, slots=True)
class Typed:
    """The sender is writing something to the recipient, or stopped. Never stored."""

    sender: AccountRef
    recipient: AccountRef
    typing: bool
    told: bool
    """The recipient was told the same a moment ago and is not told again, or wants not to be told."""


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """An account that the watcher asked about came online, or went offline with its last socket."""

    watcher: AccountRef
    account: AccountRef
    online: bool


@dataclass(frozen=True, slots=True)
class GuestMoved:
    """A guest looks at another page, or at another product on it."""

    guest: AccountRef
    shop_account: AccountRef


@dataclass(frozen=True, slots=True)
class QuestionUnanswered:
    """A shop's robot found no answer. No socket is told."""

    asker: AccountRef
    shop_account: AccountRef
    text: str


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """An account came online, or went offline with the last of its sockets in all processes. No socket is told."""

    account: AccountRef
    online: bool
    at: datetime


Event = (
    MessageSent
    | SendRepeated
    | ConversationEntered
    | MessagesRead
    | UnreadRecounted
    | ConversationCleared
    | ConversationPinned
    | PeerBlocked
    | MessageRecalled
    | RecallRepeated
    | Typed
    | PresenceChanged
    | GuestMoved
)
