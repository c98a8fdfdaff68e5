"""daphne's requests: bodies that are bounded, and answers that wait for their client."""

import asyncio
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from daphne.http_protocol import WebRequest

from chat.doors import bodies, http
from chat.servers.daphne_sockets import Flow

LINGER = 30.0
"""Seconds for which a client that was refused may go on sending, so that it comes to read why."""
REFUSAL = (
    b"HTTP/1.1 413 Request Entity Too Large\r\nContent-Type: %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
)


class Request(WebRequest):  # type: ignore[misc]  # daphne has no types
    """daphne takes whatever is sent to the disk before it looks at it, and into its memory whatever is answered."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Nobody asks Twisted what a form holds, and it would read all of an upload into memory for that.
        self._parsePOSTFormSubmission = False
        self._is_refused = False
        self._flow: Flow | None = None

    def gotLength(self, length: int | None) -> None:  # noqa: N802  (Twisted's names)
        """The headers have come, and with them how long the body is, if it is known."""
        super().gotLength(length)
        # Twisted hands over what is asked for, and how, once all of the body has come.
        method, address = self.channel._command.decode("latin-1"), self.channel._path.partition(b"?")[0]
        path = unquote(address.decode("latin-1"))
        self._asked = {"method": method, "path": path}
        self._bound = bodies.Bound(method, path, length or 0)
        if self._bound.is_exceeded:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        """Some of the body."""
        if self._is_refused:
            return
        self._bound.hear(data)
        if self._bound.is_exceeded:
            self._refuse()
        else:
            super().handleContentChunk(data)

    def process(self) -> Any:
        """All of the body has come."""
        if self._is_refused:
            self.channel.loseConnection()
            return None
        return super().process()

    def handle_reply(self, message: dict[str, Any]) -> None:
        """Hand what the application says to the connection."""
        if message["type"] == "http.response.start" and self.channel is not None and not self.finished:
            self._flow = Flow()
            self.registerProducer(self._flow, True)
        super().handle_reply(message)

    def finish(self) -> None:
        """All is said."""
        self._unregister()
        super().finish()

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        """The client is gone."""
        self._unregister()
        super().connectionLost(reason)

    def handle_exception(self, exception: Exception) -> None:
        """The application failed. Who has heard the beginning of an answer learns by the cut that it has no end."""
        if self._response_started:
            self._end()
        else:
            super().handle_exception(exception)

    async def taken(self) -> None:
        """Wait until the client takes more; one that takes nothing at all is cut off."""
        while self._flow is not None and self._flow.stands:
            waits = self._waits()
            with suppress(TimeoutError):
                async with asyncio.timeout(http.patience() or None):
                    await self._flow.free()
                    return
            if self._waits() >= waits and self.channel is not None:
                self.channel.transport.abortConnection()
                return

    def _waits(self) -> int:
        transport = self.channel.transport if self.channel is not None else None
        return len(transport.dataBuffer) + transport._tempDataLen if transport is not None else 0

    def _unregister(self) -> None:
        if self._flow is not None and self.channel is not None:
            self.unregisterProducer()
        if self._flow is not None:
            self._flow.stopProducing()
            self._flow = None

    def _refuse(self) -> None:
        self._is_refused = True
        # Nobody is to be told to go on.
        self.requestHeaders.removeHeader(b"expect")
        headers = [(name.lower(), value) for name, values in self.requestHeaders.getAllRawHeaders() for value in values]
        content_type, words = bodies.too_large({**self._asked, "headers": headers})
        self.channel.write(REFUSAL % (content_type.encode(), len(words), words))
        asyncio.get_running_loop().call_later(LINGER, self._end)

    def _end(self) -> None:
        if self.channel is not None and self.channel.transport is not None:
            self.channel.transport.abortConnection()
