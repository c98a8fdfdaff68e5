"""Messages before they are stored."""

from dataclasses import dataclass

from accounts.directory import AccountRef
from chat.pairs import Pair, pair


@dataclass(slots=True)
class Draft:
    """A message that is to be stored. `body` is a checked JSON object, `preview` what lists show of it."""

    sender: AccountRef
    recipient: AccountRef
    body: str
    preview: str
    client_id: str | None = None
    robot: bool = False
    viewed: bool = False
    """The recipient is in the room with the sender: the message is read as it arrives."""

    @property
    def pair(self) -> Pair:
        return pair(self.sender.id, self.recipient.id)
