"""The channel layer within one process.

It has Channels' interface, and three calls more: `listen` hands a channel's messages to a function at once, where
`receive` would wake a task for each, and `publish` and `post` are `group_send` and `send` for callers that can't wait.
Messages are handed over as they are, not copied: senders and receivers must not change them.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any

from channels.exceptions import ChannelFull
from channels.layers import BaseChannelLayer

Message = dict[str, Any]
Listener = Callable[[Message], None]


class Mailbox:
    """What waits for one channel, in order, at most `capacity` messages."""

    __slots__ = ("_capacity", "_messages", "_waiting")

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._messages: deque[Message] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()

    def deliver(self, message: Message) -> bool:
        """Keep the message until it is taken; False if there is no room."""
        if len(self._messages) >= self._capacity:
            return False
        self._messages.append(message)
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(None)
                break
        return True

    async def take(self) -> Message:
        """The oldest message, as soon as there is one."""
        while not self._messages:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            await waiting
        return self._messages.popleft()


class Ear:
    """A channel whose messages are handed to a function at once; an idle socket should cost no queue."""

    __slots__ = ("deliver",)

    def __init__(self, listener: Listener) -> None:
        self.deliver = listener


class LocalChannelLayer(BaseChannelLayer):  # type: ignore[misc]  # Channels has no types
    """Groups and channels of this process."""

    extensions = ("groups", "flush")
    shared = False
    """Whether there may be other processes with the same groups."""
    out_of_reach = False
    """Whether there are other processes that can't be reached now."""
    returned: Callable[[], Coroutine[Any, Any, None]] | None = None
    """Awaited once other processes can be heard again after they could not: what they said meanwhile was missed."""

    def __init__(self, capacity: int = 1000, **options: Any) -> None:
        super().__init__(capacity=capacity, **options)
        self.process = secrets.token_hex(8)
        """The name of this process among those that share groups."""
        self._numbers = count(1)
        self._mailboxes: dict[str, Mailbox | Ear] = {}
        self._groups: dict[str, dict[str, Mailbox | Ear]] = {}

    async def new_channel(self, prefix: str = "specific") -> str:
        return f"{prefix}.{self.process}!{next(self._numbers)}"

    def listen(self, channel: str, listener: Listener) -> None:
        """Call `listener`, on the event loop, with what is sent to the channel. Before the channel joins a group."""
        self._mailboxes[channel] = Ear(listener)

    async def send(self, channel: str, message: Message) -> None:
        self.require_valid_channel_name(channel)
        if self._mailbox(channel).deliver(message) is False:
            raise ChannelFull(channel)

    async def receive(self, channel: str) -> Message:
        self.require_valid_channel_name(channel)
        mailbox = self._mailbox(channel)
        if isinstance(mailbox, Ear):
            raise RuntimeError(f"{channel} has a listener")
        return await mailbox.take()

    async def group_add(self, group: str, channel: str) -> None:
        self.require_valid_group_name(group)
        self.require_valid_channel_name(channel)
        self._groups.setdefault(group, {})[channel] = self._mailbox(channel)

    async def group_discard(self, group: str, channel: str) -> None:
        self.require_valid_group_name(group)
        members = self._groups.get(group, {})
        members.pop(channel, None)
        if not members:
            self._groups.pop(group, None)

    async def group_send(self, group: str, message: Message) -> None:
        self.require_valid_group_name(group)
        self.publish(group, message)

    def reaches(self, group: str, skip: str) -> bool:
        """Whether a message to the group could be heard by any channel but `skip`."""
        members = self._groups.get(group)
        return members is not None and (len(members) > 1 or skip not in members)

    def size(self, group: str) -> int:
        """Channels of this process that are in the group."""
        return len(self._groups.get(group, ()))

    def publish(self, group: str, message: Message) -> None:
        """Hand the message to every channel of the group, in whichever process; one without room goes without."""
        self.hand(group, message)

    def hand(self, group: str, message: Message) -> None:
        """Hand the message to the group's channels of this process, now."""
        members = self._groups.get(group)
        if members:
            for mailbox in tuple(members.values()):
                mailbox.deliver(message)

    def post(self, channel: str, message: Message) -> None:
        """Hand the message to the channel; without room for it, it is lost."""
        self._mailbox(channel).deliver(message)

    async def connected(self) -> bool:
        """Whether the way to the other processes is open, tried out now."""
        return True

    async def published(self) -> None:
        """Wait until what was published has left this process."""

    def forget(self, channel: str) -> None:
        """The channel's consumer is gone: nothing is kept for it any more."""
        self._mailboxes.pop(channel, None)

    async def flush(self) -> None:
        self._mailboxes.clear()
        self._groups.clear()

    def _mailbox(self, channel: str) -> Mailbox | Ear:
        mailbox = self._mailboxes.get(channel)
        if mailbox is None:
            mailbox = self._mailboxes[channel] = Mailbox(self.capacity)
        return mailbox
