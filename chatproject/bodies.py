"""Bodies of requests while they arrive: bounded, and not waited for without end. Django would take all of it first.

Who uploads is asked before anything is taken to the disk, and told as soon as it is known that it is too much.
"""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from django.conf import settings

from accounts.api.problems import Code
from chat.doors import http
from chat.uploads.asking import ASKER, Asker
from chatproject import arriving
from chatproject.api_problems import BEGINNING, plain
from chatproject.plain import Answer, Scope, header, send_answer

PEEKED = 4096
"""Bytes at the beginning of a body that are looked at."""
PATIENCE = 60.0
"""Seconds without any of a body's bytes after which nobody waits for them any more."""
FILE_TOO_LARGE = Answer(413, http.TOO_LARGE)
"""As uploads are refused."""
TOO_SLOW = Answer(408, '{"code":2,"msg":"上传超时","reason":"timeout"}'.encode())


def too_large(scope: Scope) -> Answer:
    """What is said to whoever sends more, in the form in which that address says no."""
    elsewhere = scope["path"].startswith(BEGINNING) and not arriving.is_upload(scope)
    return plain(scope, Code.TOO_LARGE) if elsewhere else FILE_TOO_LARGE


class Bounded:
    """Hears no more of a body than is of use, and says so to those who send more, or stop in between."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self._limit = http.largest()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        body = Body(scope, receive, self._limit)
        async with AsyncExitStack() as stack:
            if body.refused is None and arriving.is_upload(scope):
                try:
                    await stack.enter_async_context(arriving.admitted(scope))
                except arriving.NotAdmittedError as refused:
                    body.refused = refused.answer
                body.is_upload = True
            if body.refused is None:
                await self._application(scope, body.hear, send)
            if body.refused is not None:
                await send_answer(body.refused, scope, send)


class Body:
    """What is heard of one request. Once something is refused, the application hears that its client is gone."""

    def __init__(self, scope: Scope, receive: Any, limit: int) -> None:
        self.is_upload = False
        said = header(scope, b"content-length") or b""
        self._announced = int(said) if said.isdigit() else 0
        self._receive = receive
        self._limit = limit
        self._heard = 0
        self._beginning: bytes | None = b""
        self._is_whole = False
        self._asker = scope[ASKER] = Asker()
        self._scope = scope
        self.refused: Answer | None = too_large(scope) if self._is_too_much() else None

    async def hear(self) -> Any:
        """The next that comes from the client."""
        if self._is_whole:
            message = await self._receive()
        else:
            try:
                async with asyncio.timeout(PATIENCE):
                    message = await self._receive()
            except TimeoutError:
                self.refused = TOO_SLOW
                return {"type": "http.disconnect"}
        if message["type"] == "http.disconnect":
            self._asker.leave()
            return message
        self._is_whole = not message.get("more_body", False)
        self._heard += len(message.get("body", b""))
        if self.is_upload:
            self._look(message.get("body", b""))
        if self._is_too_much():
            self.refused = too_large(self._scope)
            return {"type": "http.disconnect"}
        return message

    def _look(self, some: bytes) -> None:
        """See what kind of upload it is, if that is said before its file."""
        if self._beginning is None:
            return
        self._beginning = (self._beginning + some)[:PEEKED]
        kind = arriving.kind_of(self._beginning)
        if kind is not None and (limit := settings.UPLOAD_BYTES[kind]):
            self._limit = limit + http.ROOM
        if kind is not None or len(self._beginning) == PEEKED:
            self._beginning = None

    def _is_too_much(self) -> bool:
        return bool(self._limit) and max(self._heard, self._announced) > self._limit
