"""Messages that reach an account in the room are read as they arrive.

What its sender's process stored as unread may find sockets in the room: one write reads it, for all of them.
"""

from dataclasses import dataclass
from functools import partial

from accounts.directory import AccountRef
from accounts.refusals import Refusal
from chat import conversations, writer
from chat.database.pairs import pair
from chat.delivery import publish
from chat.drafts import Change
from chat.events import MessagesRead


@dataclass(slots=True)
class _Reading:
    up_to: int
    """The newest message that has arrived."""
    again: bool | None = None
    """Whether what arrived since the write was asked for came from another process; None if nothing has."""


_under_way: dict[tuple[int, int], _Reading] = {}


def arrived(owner: AccountRef, peer: AccountRef, message_id: int, *, from_elsewhere: bool) -> None:
    """A message of the peer has reached a socket of the owner that is in the room. Called on the event loop.

    What arrives while this is being written is read by one further write.
    """
    reading = _under_way.get((owner.id, peer.id))
    if reading is None:
        _under_way[owner.id, peer.id] = _Reading(message_id)
        _read(owner, peer, from_elsewhere)
    elif message_id > reading.up_to:
        reading.up_to = message_id
        reading.again = from_elsewhere or bool(reading.again)


def _read(owner: AccountRef, peer: AccountRef, from_elsewhere: bool) -> None:
    work = partial(conversations.read_on_arrival, owner=owner, peer=peer, say_again=from_elsewhere)
    writer.current().submit(Change(pair(owner.id, peer.id), work), partial(_was_read, owner, peer))


def _was_read(owner: AccountRef, peer: AccountRef, outcome: MessagesRead | Refusal | None) -> None:
    """What arrived is read, and everybody is told."""
    if isinstance(outcome, MessagesRead):
        publish(outcome)
    reading = _under_way[owner.id, peer.id]
    if reading.again is None:
        del _under_way[owner.id, peer.id]
    else:
        again, reading.again = reading.again, None
        _read(owner, peer, again)
