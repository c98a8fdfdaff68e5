"""Whether those who are signed in here may still be: looked up again when word of it may have been missed."""

import logging
from collections.abc import Sequence

from accounts import sign_in
from chat.database.reading import read
from chat.delivery import layer
from chat.protocol.closing import CloseCode
from chat.sockets.consumer import ChatConsumer, sockets

logger = logging.getLogger(__name__)

CHUNK = 500
"""Accounts that are looked up at a time."""


def watch() -> None:
    """Look again each time Redis has been away."""
    layer().returned = look_again


async def look_again() -> None:
    """Close the sockets of those whose rights were withdrawn since they signed in."""
    signed_in = [socket for socket in sockets if socket.session.signed_in]
    closed = 0
    for first in range(0, len(signed_in), CHUNK):
        closed += await _close_those_without_rights(signed_in[first : first + CHUNK])
    if closed:
        logger.warning("%d sockets had lost their rights while Redis was away", closed)


async def _close_those_without_rights(chunk: Sequence[ChatConsumer]) -> int:
    told = {socket: socket.session.account.id for socket in chunk if socket.session.signed_in}
    epochs = await read(sign_in.epochs, set(told.values()))
    closed = 0
    for socket, account_id in told.items():
        session = socket.session
        if session.signed_in and session.account.id == account_id and epochs.get(account_id) != session.epoch:
            socket.outbox.close(CloseCode.RIGHTS_WITHDRAWN)
            closed += 1
    return closed
