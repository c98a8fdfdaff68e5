"""Bodies of requests while they arrive: bounded, and not waited for without end. Django would take all of it first.

Who uploads is asked before anything is taken to the disk, and told as soon as it is known that it is too much.
"""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from chat.doors import bodies
from chat.uploads.asking import ASKER, Asker
from chatproject import arriving
from chatproject.plain import Answer, Scope, header, send_answer

PATIENCE = 60.0
"""Seconds without any of a body's bytes after which nobody waits for them any more."""
TOO_SLOW = Answer(408, '{"code":2,"msg":"上传超时","reason":"timeout"}'.encode())


class Bounded:
    """Hears no more of a body than is of use, and says so to those who send more, or stop in between."""

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        body = Body(scope, receive)
        async with AsyncExitStack() as stack:
            if body.refused is None and bodies.is_upload(scope["method"], scope["path"]):
                try:
                    await stack.enter_async_context(arriving.admitted(scope))
                except arriving.NotAdmittedError as refused:
                    body.refused = refused.answer
            if body.refused is None:
                await self._application(scope, body.hear, send)
            if body.refused is not None:
                await send_answer(body.refused, scope, send)


class Body:
    """What is heard of one request. Once something is refused, the application hears that its client is gone."""

    def __init__(self, scope: Scope, receive: Any) -> None:
        said = header(scope, b"content-length") or b""
        self._bound = bodies.Bound(scope["method"], scope["path"], int(said) if said.isdigit() else 0)
        self._receive = receive
        self._is_whole = False
        self._asker = scope[ASKER] = Asker()
        self._scope = scope
        self.refused: Answer | None = None
        self._refuse_what_is_too_much()

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
        self._bound.hear(message.get("body", b""))
        self._refuse_what_is_too_much()
        return {"type": "http.disconnect"} if self.refused else message

    def _refuse_what_is_too_much(self) -> None:
        if self._bound.is_exceeded:
            content_type, words = bodies.too_large(self._scope)
            self.refused = Answer(413, words, content_type.encode())
