"""Why the server closes a socket: every close code of its own, once. The document says what clients do about each."""

from enum import IntEnum

from accounts.refusals import Reason


class CloseCode(IntEnum):
    """A stable number for programs; existing values never change their meaning."""

    RESTARTING = 1012
    NOT_SIGNED_IN = 4401
    RIGHTS_WITHDRAWN = 4403
    TOO_SLOW = 4408
    TOO_MANY_OF_ADDRESS = 4429
    TOO_MANY_OF_ACCOUNT = 4430
    TOO_MANY_STRANGERS = 4431


CLOSING = {
    Reason.TOO_MANY_SOCKETS: CloseCode.TOO_MANY_OF_ADDRESS,
    Reason.TOO_MANY_DEVICES: CloseCode.TOO_MANY_OF_ACCOUNT,
}
"""Refusals after which the socket is closed."""
