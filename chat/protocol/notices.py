"""From what happened to what is said of it, and to whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

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


@dataclass(frozen=True, slots=True)
class Notice:
    """A frame and who hears it. `account_id` is the addressee."""

    account_id: int
    frame: Frame
    to: To


def notices(event: Event) -> Iterator[Notice]:
    """What is said of the event, in the order in which each socket must hear it."""
    match event:
        case MessageSent():
            yield from _message_sent(event)
        case SendRepeated(sender=sender):
            yield Notice(sender.id, _receipt(event), To.ORIGIN)
        case ConversationEntered(owner=owner, peer=peer):
            yield Notice(owner.id, _total(event), To.ANSWER)
            yield Notice(peer.id, frames.SyncChat(data=frames.PeerData(peer.name, owner.name)), To.EVERYONE)
        case MessagesRead(owner=owner, peer=peer):
            yield Notice(owner.id, _total(event), To.EVERYONE)
            read = frames.SyncReadData(peer.name, owner.name, 1)
            yield Notice(peer.id, frames.SyncRead(message_id=event.up_to, data=read), To.EVERYONE)
        case ConversationCleared(owner=owner, peer=peer):
            yield Notice(owner.id, _total(event), To.ANSWER)
            cleared = frames.SyncChatDelete(data=frames.PeerData(owner.name, peer.name))
            yield Notice(owner.id, cleared, To.OTHERS)
        case ConversationPinned(owner=owner, peer=peer):
            flag = _flag(event.pinned)
            yield Notice(owner.id, frames.Topped(data=frames.TopData(peer.name, flag)), To.ORIGIN)
            pinned = frames.SyncTop(data=frames.SyncTopData(owner.name, peer.name, flag))
            yield Notice(owner.id, pinned, To.OTHERS)


def _message_sent(event: MessageSent) -> Iterator[Notice]:
    sender, recipient = event.sender, event.recipient
    body, created_at, is_read = Raw(event.body.encode()), shown(event.created_at), _flag(event.read)
    say = frames.SyncSay(
        message_id=event.message_id,
        data=frames.SyncSayData(
            sender.name,
            recipient.name,
            body,
            created_at,
            is_read,
            event.client_id if event.client_id is not None else UNSET,
            1 if event.robot else UNSET,
        ),
    )
    yield Notice(sender.id, say, To.OTHERS)
    if not event.robot:
        yield Notice(sender.id, _receipt(event), To.ANSWER)
    message = frames.UserMessage(
        message_id=event.message_id,
        data=frames.UserMessageData(sender.name, body, created_at, is_read, 1 if event.robot else UNSET),
    )
    yield Notice(recipient.id, message, To.ANSWER if event.robot else To.EVERYONE)


def _receipt(event: MessageSent | SendRepeated) -> frames.SyncRead:
    return frames.SyncRead(
        message_id=event.message_id,
        created_at=shown(event.created_at),
        data=frames.SyncReadData(
            event.sender.name,
            event.recipient.name,
            _flag(event.read),
            event.client_id if event.client_id is not None else UNSET,
        ),
    )


def _total(event: ConversationEntered | MessagesRead | ConversationCleared) -> frames.SyncAllNoreadNums:
    return frames.SyncAllNoreadNums(
        data=frames.SyncAllNoreadNumsData(event.owner.name, event.total_unread, event.peer.name)
    )


def _flag(value: bool) -> Flag:
    return 1 if value else 0
