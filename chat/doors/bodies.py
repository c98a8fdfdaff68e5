"""How large the body of a request may be, by its address, and what is said to whoever sends more."""

import re
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.utils import translation

from accounts.api.problems import CONTENT_TYPE, KINDS, Code, Problem, answer

API, ADMIN, UPLOADS = "/api/", "/admin/", "/api/uploads/"
SHOPS = "/admin/robots/shop/"
"""Pages on which all questions of a shop go to and fro, in a form or as a file."""
TABLES = re.compile("POST /api/accounts/|PUT /api/shops/[0-9]+/questions/")
"""What is sent a whole table at once."""
TABLE = 16 * 1024**2
"""Bytes of one: room for a thousand accounts, or for a shop with 2,000 long answers."""
ROOM = 1024**2
"""For what stands around a file in a form, and beside a message, such as the names of a thousand accounts."""
FORM = 64 * 1024
"""For the few fields of any other page."""
ESCAPED = 6
"""Bytes that one of a message may take in JSON, such as `\\u0041`."""
FILE_TOO_LARGE = '{"code":2,"msg":"文件太大","reason":"file_too_large"}'.encode()
"""As uploads are refused."""

PEEKED = 4096
"""Bytes at the beginning of an upload that are looked at."""
_KIND = re.compile(
    rb'name="?kind"?\r\n(?:[^\r\n]+\r\n)*\r\n(' + "|".join(settings.UPLOAD_BYTES).encode() + rb")\r\n", re.IGNORECASE
)


def is_upload(method: str, path: str) -> bool:
    """Whether it may become one."""
    return method == "POST" and path == UPLOADS


def largest(method: str, path: str) -> int:
    """Bytes of the largest body that is of use there; 0 where that is not bounded."""
    if is_upload(method, path):
        bounds = settings.UPLOAD_BYTES.values()
        return max(bounds) + ROOM if all(bounds) else 0
    if path.startswith(SHOPS):
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE + ROOM
    if path.startswith(ADMIN):
        return ROOM
    if not path.startswith(API):
        return FORM
    message = settings.CHAT_BODY_BYTES
    if TABLES.fullmatch(f"{method} {path}") or not message:
        return TABLE
    return min(TABLE, ROOM + ESCAPED * message)


class Bound:
    """How much of one body has come, and whether that is more than is of use."""

    def __init__(self, method: str, path: str, announced: int = 0) -> None:
        """`announced` is what its headers say of its length, 0 where they say nothing."""
        self._most = largest(method, path)
        self._announced = announced
        self._heard = 0
        self._beginning: bytes | None = b"" if is_upload(method, path) else None

    def hear(self, some: bytes) -> None:
        """This has come of it."""
        self._heard += len(some)
        if self._beginning is not None:
            self._look(self._beginning + some)

    @property
    def is_exceeded(self) -> bool:
        return bool(self._most) and max(self._heard, self._announced) > self._most

    def _look(self, beginning: bytes) -> None:
        """See what kind of upload it is, if that is said before its file."""
        self._beginning = beginning[:PEEKED]
        found = _KIND.search(self._beginning)
        if found and (most := settings.UPLOAD_BYTES[found.group(1).decode().lower()]):
            self._most = most + ROOM
        if found or len(self._beginning) == PEEKED:
            self._beginning = None


def too_large(scope: dict[str, Any]) -> tuple[str, bytes]:
    """The content type and the words of the answer, in the form in which that address says no.

    What is asked of the ASGI scope are `method`, `path` and `headers`.
    """
    if is_upload(scope["method"], scope["path"]):
        return "application/json", FILE_TOO_LARGE
    request = ASGIRequest({name: scope[name] for name in ("method", "path", "headers")}, BytesIO())
    with translation.override(translation.get_language_from_request(request)):
        if scope["path"].startswith(API):
            return CONTENT_TYPE, answer(Problem(Code.TOO_LARGE)).content
        return "text/plain; charset=utf-8", str(KINDS[Code.TOO_LARGE].title).encode()
