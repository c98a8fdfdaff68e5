"""Bounds on what comes and goes over HTTP: how large a body may be, and how long an answer waits for its client."""

from django.conf import settings

ROOM = 1024**2
"""For what stands around a file in a form."""
TOO_LARGE = '{"code":2,"msg":"文件太大","reason":"file_too_large"}'.encode()


def largest() -> int:
    """Bytes of the largest body that is of use: an upload. 0 where one kind is not bounded."""
    bounds = settings.UPLOAD_BYTES.values()
    return max(bounds) + ROOM if all(bounds) else 0


def patience() -> float:
    """Seconds for which nothing of an answer may be taken; 0 for ever.

    Longer than on a socket: what was said there can be asked for again, and a film begins anew.
    """
    return 4.0 * settings.CHAT_CUT_OFF_SECONDS
