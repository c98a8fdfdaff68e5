"""Taking events to the sockets they concern: one channel group for each account, one for each app."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from msgspec import UNSET, UnsetType

from chat.events import ConversationCleared, ConversationEntered, Event, MessageSent, MessagesRead
from chat.layers.local import LocalChannelLayer
from chat.protocol.closing import CloseCode
from chat.protocol.frames import Frame, encode
from chat.protocol.notices import notices


class Origin(NamedTuple):
    """The socket whose query caused an event."""

    channel: str
    seq: int | str | UnsetType
    tell: Callable[[str], None]

    def answer(self, frame: Frame) -> None:
        """Say the frame to this socket, as the answer to its query."""
        frame.seq = self.seq
        self.tell(encode(frame))


_WITH_A_TOTAL = (ConversationEntered, MessagesRead, ConversationCleared)
NOBODY = Origin("", UNSET, lambda text: None)
"""The origin of what no socket asked for."""


def account_group(account_id: int) -> str:
    return f"account.{account_id}"


def app_group(app_id: int) -> str:
    return f"app.{app_id}"


def layer() -> LocalChannelLayer:
    """The channel layer that this process is set up with."""
    configured: LocalChannelLayer = get_channel_layer()
    return configured


def publish(event: Event, origin: Origin = NOBODY) -> None:
    """Tell everybody whom the event concerns, each frame encoded once. Called on the event loop, after the commit."""
    channels = layer()
    arrived_from = event.sender.id if isinstance(event, MessageSent) and not event.read else 0
    counted_for = event.owner.id if isinstance(event, _WITH_A_TOTAL) else 0
    for account_id, frames, answer, wanted, awaited in notices(event):
        group = account_group(account_id)
        skip = origin.channel if answer else ""
        if frames and channels.reaches(group, skip):
            message: dict[str, Any] = {"type": "deliver", "texts": [encode(make()) for make in frames], "skip": skip}
            if isinstance(event, MessageSent):
                peer = event.recipient if account_id == event.sender.id else event.sender
                message["said"] = (peer.name, event.message_id)
            if wanted:
                message["type"], message["wanted"] = "hint", wanted
            elif arrived_from and account_id != arrived_from:
                message["arrived_from"], message["process"] = arrived_from, channels.process
            elif account_id == counted_for:
                message["total"], message["process"] = True, channels.process
            channels.publish(group, message)
        if answer and (awaited or origin.seq is not UNSET):
            origin.answer(answer())


def publish_here(event: Event, counting: float) -> None:
    """Tell this process's sockets alone of a total that took so many seconds to count."""
    channels = layer()
    about = {"total": True, "process": channels.process, "counting": counting}
    for notice in notices(event):
        texts = [encode(make()) for make in notice.frames]
        channels.hand(account_group(notice.account_id), {"type": "deliver", "texts": texts, "skip": "", **about})


async def tell(channel: str, event: Event) -> None:
    """Tell one socket, whichever others the account has."""
    for notice in notices(event):
        texts = [encode(make()) for make in notice.frames]
        await layer().send(channel, {"type": "deliver", "texts": texts, "skip": ""})


def close_sockets(sender: object, account_ids: Iterable[int] = (), app_id: int | None = None, **signal: Any) -> None:
    """Close the sockets of accounts, or of a whole app, in every process (receiver of `rights_withdrawn`)."""
    groups = [account_group(account_id) for account_id in account_ids]
    if app_id is not None:
        groups.append(app_group(app_id))
    _send(groups, {"type": "close", "code": int(CloseCode.RIGHTS_WITHDRAWN)})


def forget_name(app_id: int, name: str) -> None:
    """Nobody has this name any more, or somebody else: the app's sockets, in every process, look for it anew."""
    _send([app_group(app_id)], {"type": "forget", "name": name})


def _send(groups: Iterable[str], message: dict[str, Any]) -> None:
    async def on_the_loop() -> None:
        for group in groups:
            await layer().group_send(group, message)

    async_to_sync(on_the_loop)()
