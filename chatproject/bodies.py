"""A bound on what a request may carry, kept while it arrives: Django would take all of it to the disk first."""

from typing import Any

from django.conf import settings

from accounts.api.problems import Code
from chatproject.api_problems import BEGINNING, plain
from chatproject.plain import Answer, Scope, header, send_answer

ROOM = 1024**2
"""For what stands around a file in a form."""
FILE_TOO_LARGE = Answer(
    413, b'{"code":2,"msg":"\xe6\x96\x87\xe4\xbb\xb6\xe5\xa4\xaa\xe5\xa4\xa7","reason":"file_too_large"}'
)
"""As uploads are refused."""
UPLOADS = "/api/uploads/"


def largest() -> int:
    """Bytes of the largest body that is of use: an upload. 0 where one kind is not bounded."""
    bounds = settings.UPLOAD_BYTES.values()
    return max(bounds) + ROOM if all(bounds) else 0


def too_large(scope: Scope) -> Answer:
    """What is said to whoever sends more, in the form in which that address says no."""
    path = scope["path"]
    return FILE_TOO_LARGE if path == UPLOADS or not path.startswith(BEGINNING) else plain(scope, Code.TOO_LARGE)


class Bounded:
    """Hears no more of a body than is of use, and tells so whoever announces or sends more."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self._limit = largest()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        said = header(scope, b"content-length") or b""
        if self._limit and said.isdigit() and int(said) > self._limit:
            await send_answer(too_large(scope), scope, send)
            return
        heard, answered = 0, False

        async def hear() -> Any:
            nonlocal heard
            message = await receive()
            heard += len(message.get("body", b""))
            return {"type": "http.disconnect"} if self._limit and heard > self._limit else message

        async def say(message: Any) -> None:
            nonlocal answered
            answered = True
            await send(message)

        await self._application(scope, hear, say)
        if self._limit and heard > self._limit and not answered:
            await send_answer(too_large(scope), scope, send)
