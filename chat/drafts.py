"""What is to be written: messages before they are stored, and other changes before they are made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.directory import AccountRef
from chat.database.pairs import Pair, pair
from chat.models import Remark


@dataclass(slots=True)
class Draft:
    """A message that is to be stored. `body` is a checked JSON object, `preview` what lists show of it."""

    sender: AccountRef
    recipient: AccountRef
    body: str
    preview: str
    client_id: str | None = None
    robot: Remark | None = None
    """What a shop's robot says with it."""
    viewed: bool = False
    """The recipient is in the room with the sender: the message is read as it arrives."""

    @property
    def pair(self) -> Pair:
        return pair(self.sender.id, self.recipient.id)


@dataclass(slots=True)
class Change:
    """A write other than a message: `work` runs in the transaction while `pair` is held, and says what came of it."""

    pair: Pair
    work: Callable[[], Any]
    undo: Callable[[], None] | None = None
    """Called if it was not made."""
