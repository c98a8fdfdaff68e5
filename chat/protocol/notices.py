"""From what happened to what is said of it, and to whom."""

from collections.abc import Callable, Iterator
from enum import Enum, auto
from functools import partial
from typing import NamedTuple

from msgspec import UNSET, Raw

from chat.events import (
    ConversationCleared,
    ConversationEntered,
    ConversationPinned,
    Event,
    MessageSent,
    MessagesRead,
    SendRepeated,
)
from chat.protocol import frames
from chat.protocol.frames import Flag, Frame
from chat.protocol.times import shown


class To(Enum):
    """Which sockets of the addressed account hear a notice. The *origin* is the socket whose query caused it."""

    EVERYONE = auto()
    ANSWER = auto()
    """Every socket; on the origin it is the answer and carries `seq`."""
    OTHERS = auto()
    """Every socket but the origin."""
    ORIGIN = auto()
    """The origin alone, as the answer."""


class Notice(NamedTuple):
    """Who hears what. `account_id` is the addressee; `frame` makes the frame, if anybody is there to hear it."""

    account_id: int
    to: To
    frame: Callable[[], Frame]


def notices(event: Event) -> Iterator[Notice]:
    """What is said of the event, in the order in which each socket must hear it."""
    match event:
        case MessageSent(sender=sender, recipient=recipient):
            yield Notice(sender.id, To.OTHERS, partial(_echo, event))
            if not event.robot:
                yield Notice(sender.id, To.ANSWER, partial(_receipt, event))
            yield Notice(recipient.id, To.ANSWER if event.robot else To.EVERYONE, partial(_message, event))
        case SendRepeated(sender=sender):
            yield Notice(sender.id, To.ORIGIN, partial(_receipt, event))
        case ConversationEntered(owner=owner, peer=peer):
            yield Notice(owner.id, To.ANSWER, partial(_total, event))
            yield Notice(peer.id, To.EVERYONE, partial(_entered, event))
        case MessagesRead(owner=owner, peer=peer):
            yield Notice(owner.id, To.EVERYONE, partial(_total, event))
            yield Notice(peer.id, To.EVERYONE, partial(_read, event))
        case ConversationCleared(owner=owner):
            yield Notice(owner.id, To.ANSWER, partial(_total, event))
            yield Notice(owner.id, To.OTHERS, partial(_cleared, event))
        case ConversationPinned(owner=owner):
            yield Notice(owner.id, To.ORIGIN, partial(_pinned, event))
            yield Notice(owner.id, To.OTHERS, partial(_pinned_elsewhere, event))


def _message(event: MessageSent) -> frames.UserMessage:
    data = frames.UserMessageData(
        event.sender.name,
        Raw(event.body.encode()),
        shown(event.created_at),
        _flag(event.read),
        1 if event.robot else UNSET,
    )
    return frames.UserMessage(message_id=event.message_id, data=data)


def _echo(event: MessageSent) -> frames.SyncSay:
    data = frames.SyncSayData(
        event.sender.name,
        event.recipient.name,
        Raw(event.body.encode()),
        shown(event.created_at),
        _flag(event.read),
        event.client_id if event.client_id is not None else UNSET,
        1 if event.robot else UNSET,
    )
    return frames.SyncSay(message_id=event.message_id, data=data)


def _receipt(event: MessageSent | SendRepeated) -> frames.SyncRead:
    data = frames.SyncReadData(
        event.sender.name,
        event.recipient.name,
        _flag(event.read),
        event.client_id if event.client_id is not None else UNSET,
    )
    return frames.SyncRead(message_id=event.message_id, created_at=shown(event.created_at), data=data)


def _read(event: MessagesRead) -> frames.SyncRead:
    data = frames.SyncReadData(event.peer.name, event.owner.name, 1)
    return frames.SyncRead(message_id=event.up_to, data=data)


def _total(event: ConversationEntered | MessagesRead | ConversationCleared) -> frames.SyncAllNoreadNums:
    data = frames.SyncAllNoreadNumsData(event.owner.name, event.total_unread, event.peer.name)
    return frames.SyncAllNoreadNums(data=data)


def _entered(event: ConversationEntered) -> frames.SyncChat:
    return frames.SyncChat(data=frames.PeerData(event.peer.name, event.owner.name))


def _cleared(event: ConversationCleared) -> frames.SyncChatDelete:
    return frames.SyncChatDelete(data=frames.PeerData(event.owner.name, event.peer.name))


def _pinned(event: ConversationPinned) -> frames.Topped:
    return frames.Topped(data=frames.TopData(event.peer.name, _flag(event.pinned)))


def _pinned_elsewhere(event: ConversationPinned) -> frames.SyncTop:
    return frames.SyncTop(data=frames.SyncTopData(event.owner.name, event.peer.name, _flag(event.pinned)))


def _flag(value: bool) -> Flag:
    return 1 if value else 0
