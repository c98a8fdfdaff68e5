"""From what happened to what is said of it, and to whom."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from msgspec import UNSET, Raw

from accounts.directory import AccountRef
from chat.events import (
    ConversationCleared,
    ConversationEntered,
    ConversationPinned,
    Event,
    GuestMoved,
    MessageRecalled,
    MessageSent,
    MessagesRead,
    PeerBlocked,
    PresenceChanged,
    RecallRepeated,
    SendRepeated,
    Typed,
    UnreadRecounted,
)
from chat.models import Remark
from chat.protocol import frames, subscribed
from chat.protocol.frames import Flag, Frame
from chat.protocol.times import shown

Make = Callable[[], Frame]
"""Makes a frame, once it is known that somebody is there to hear it."""


class Notice(NamedTuple):
    """What the sockets of one account are told of an event, in this order.

    Where there is an `answer`, the *origin* (the socket whose query caused the event) hears it in place of the frames.
    """

    account_id: int
    frames: tuple[Make, ...]
    answer: Make | None = None
    wanted: subscribed.Event | None = None
    """The frames are for the sockets alone that subscribed to these."""
    awaited: bool = True
    """False where only a query with a `seq` is answered."""


def notices(event: Event) -> Iterator[Notice]:
    """What is said of the event, one notice for each account that it concerns."""
    match event:
        case MessageSent(sender=sender, recipient=recipient, robot=None):
            receipt = partial(_receipt, event)
            yield Notice(sender.id, (partial(_echo, event), receipt), receipt)
            yield Notice(recipient.id, (partial(_message, event),))
        case MessageSent(sender=sender, recipient=recipient):
            message = partial(_message, event)
            yield Notice(sender.id, (partial(_echo, event),))
            yield Notice(recipient.id, (message,), message)
        case SendRepeated(sender=sender):
            yield Notice(sender.id, (), partial(_receipt, event))
        case ConversationEntered() | MessagesRead() | ConversationCleared() | UnreadRecounted():
            yield from _counted(event)
        case ConversationPinned(owner=owner):
            yield Notice(owner.id, (partial(_pinned_elsewhere, event),), partial(_pinned, event))
        case PeerBlocked(owner=owner):
            yield Notice(owner.id, (partial(_blocked_elsewhere, event),), partial(_blocked, event))
        case MessageRecalled() | RecallRepeated() | Typed() | PresenceChanged() | GuestMoved():
            yield from _added(event)


def _counted(event: ConversationEntered | MessagesRead | ConversationCleared | UnreadRecounted) -> Iterator[Notice]:
    """What comes with a total of unread messages."""
    total = partial(_total, event)
    match event:
        case ConversationEntered(owner=owner, peer=peer):
            yield Notice(owner.id, (total,), total)
            yield Notice(peer.id, (partial(_entered, event),))
        case MessagesRead(owner=owner, peer=peer):
            yield Notice(owner.id, (total,))
            yield Notice(peer.id, (partial(_read, event),))
        case ConversationCleared(owner=owner):
            yield Notice(owner.id, (total, partial(_cleared, event)), total)
        case UnreadRecounted(owner=owner):
            yield Notice(owner.id, (total,))


def _added(event: MessageRecalled | RecallRepeated | Typed | PresenceChanged | GuestMoved) -> Iterator[Notice]:
    """What clients of the customer's document know nothing of."""
    match event:
        case MessageRecalled(sender=sender, recipient=recipient):
            yield Notice(
                sender.id, (partial(_recalled, event, sender, recipient),), partial(_recall_done, event), "recall"
            )
            yield Notice(recipient.id, (partial(_recalled, event, recipient, sender),), wanted="recall")
        case RecallRepeated(sender=sender):
            yield Notice(sender.id, (), partial(_recall_done, event))
        case Typed(sender=sender, recipient=recipient):
            yield Notice(sender.id, (), partial(frames.Done, query="typing"), awaited=False)
            if not event.told:
                yield Notice(recipient.id, (partial(_typing, event),), wanted="typing")
        case PresenceChanged(watcher=watcher):
            yield Notice(watcher.id, (partial(_online, event),), wanted="online")
        case GuestMoved(shop_account=shop_account):
            yield Notice(shop_account.id, (partial(_moved, event),), wanted="visit")


def _message(event: MessageSent) -> frames.UserMessage:
    data = frames.UserMessageData(
        event.sender.name,
        Raw(event.body.encode()),
        shown(event.created_at),
        _flag(event.read),
        1 if event.robot else UNSET,
        1 if event.robot is Remark.HANDOVER else UNSET,
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
        1 if event.robot is Remark.HANDOVER else UNSET,
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


def _total(
    event: ConversationEntered | MessagesRead | ConversationCleared | UnreadRecounted,
) -> frames.SyncAllNoreadNums:
    peer = UNSET if isinstance(event, UnreadRecounted) else event.peer.name
    return frames.SyncAllNoreadNums(data=frames.SyncAllNoreadNumsData(event.owner.name, event.total_unread, peer))


def _entered(event: ConversationEntered) -> frames.SyncChat:
    return frames.SyncChat(data=frames.PairData(event.peer.name, event.owner.name))


def _cleared(event: ConversationCleared) -> frames.SyncChatDelete:
    return frames.SyncChatDelete(data=frames.PairData(event.owner.name, event.peer.name))


def _pinned(event: ConversationPinned) -> frames.Topped:
    return frames.Topped(data=frames.ToppedData(event.peer.name, _flag(event.pinned)))


def _pinned_elsewhere(event: ConversationPinned) -> frames.SyncTop:
    return frames.SyncTop(data=frames.SyncTopData(event.owner.name, event.peer.name, _flag(event.pinned)))


def _blocked(event: PeerBlocked) -> frames.BlockChanged:
    data = frames.BlockData(event.peer.name, _flag(event.blocked))
    return frames.BlockChanged(query="block" if event.blocked else "unblock", data=data)


def _blocked_elsewhere(event: PeerBlocked) -> frames.SyncBlock:
    return frames.SyncBlock(data=frames.SyncBlockData(event.owner.name, event.peer.name, _flag(event.blocked)))


def _recalled(event: MessageRecalled, me: AccountRef, peer: AccountRef) -> subscribed.SyncRecall:
    data = subscribed.SyncRecallData(me.name, peer.name, event.message_id, _flag(event.newest))
    return subscribed.SyncRecall(data=data)


def _recall_done(event: MessageRecalled | RecallRepeated) -> subscribed.Recalled:
    return subscribed.Recalled(data=subscribed.RecalledData(event.recipient.name, event.message_id))


def _typing(event: Typed) -> subscribed.SyncTyping:
    return subscribed.SyncTyping(
        data=subscribed.SyncTypingData(event.recipient.name, event.sender.name, _flag(event.typing))
    )


def _online(event: PresenceChanged) -> subscribed.SyncOnline:
    return subscribed.SyncOnline(
        data=subscribed.SyncOnlineData(event.watcher.name, event.account.name, _flag(event.online))
    )


def _moved(event: GuestMoved) -> subscribed.SyncVisit:
    return subscribed.SyncVisit(data=frames.PairData(event.shop_account.name, event.guest.name))


def _flag(value: bool) -> Flag:
    return 1 if value else 0
