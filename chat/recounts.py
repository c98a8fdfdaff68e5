"""Totals of unread messages, where several processes tell of them at once.

A total is counted in the transaction that changes it. What another process tells of at the same time may be in it
already, or not: nothing says in which order the two were stored, as they concern different conversations. Where both
reach a socket within a moment, the total is counted once more, and the account's sockets in this process are told.
"""

import asyncio
from functools import partial
from typing import Any

from accounts.directory import AccountRef
from accounts.refusals import Refusal
from chat import conversations, writer
from chat.delivery import publish_here
from chat.drafts import Change
from chat.events import UnreadRecounted

RECENT = 1.0
"""Seconds within which what two processes tell may have been stored in another order."""
PAUSE = 0.2
"""Seconds for which doubts are gathered before it is counted."""


class Doubts:
    """What one socket heard last of what is unread, and whether another process told it."""

    __slots__ = ("_here", "_message", "_total")

    def __init__(self, here: str) -> None:
        """`here` is the name of this process."""
        self._here = here
        self._message = self._total = (float("-inf"), False)

    def arise(self, message: dict[str, Any]) -> bool:
        """Whether the total may be wrong once the socket has heard this message of the channel layer."""
        if not ("arrived_from" in message or "total" in message):
            return False
        heard = (asyncio.get_running_loop().time(), message["process"] != self._here)
        if "arrived_from" in message:
            self._message, other, recent = heard, self._total, RECENT
        else:
            # What came while it was counted anew may be missing; what came before is not.
            self._total, other, recent = heard, self._message, message.get("counting", RECENT)
        return heard[0] - other[0] <= recent and (heard[1] or other[1])


_due: set[int] = set()


def soon(owner: AccountRef) -> None:
    """Count the owner's unread messages in a moment and tell its sockets of this process. Called on the event loop."""
    if owner.id not in _due:
        _due.add(owner.id)
        asyncio.get_running_loop().call_later(PAUSE, _recount, owner)


def _recount(owner: AccountRef) -> None:
    _due.discard(owner.id)
    # Written, though nothing is: only so it has its place among what this process tells of the account.
    job = Change((owner.id, owner.id), partial(conversations.recount, owner=owner))
    writer.current().submit(job, partial(_tell, asyncio.get_running_loop().time()))


def _tell(began: float, outcome: UnreadRecounted | Refusal) -> None:
    if isinstance(outcome, UnreadRecounted):
        publish_here(outcome, counting=asyncio.get_running_loop().time() - began)
