"""uvicorn's HTTP protocol, for `--http chat.servers.uvicorn_door:Door`: WebSockets come in one after another.

Who takes nothing of an answer is cut off; uvicorn would wait for ever.
"""

import asyncio
from functools import partial

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chat.doors import http, turnstile
from chat.servers.uvicorn_patience import Patience


class Door(HttpToolsProtocol):
    """Reads requests as uvicorn does; those for a WebSocket wait for their turn first."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """A client has come."""
        super().connection_made(transport)
        self._patience = Patience(transport, http.patience())

    def data_received(self, data: bytes) -> None:
        """Bytes from a client that has no WebSocket yet."""
        if turnstile.asks_for_a_socket(data):
            self.transport.pause_reading()
            turnstile.current().enter(partial(self._come_in, data))
        else:
            super().data_received(data)

    def pause_writing(self) -> None:
        """The client does not take what it is sent."""
        super().pause_writing()
        self._patience.begin()

    def resume_writing(self) -> None:
        """It has taken most of it."""
        super().resume_writing()
        self._patience.end()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has ended."""
        self._patience.end()
        super().connection_lost(exc)

    def _come_in(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()
            super().data_received(data)
            if self.transport.get_protocol() is not self:
                # The request has become a socket, and nobody lets go of its parser, which refers to this as this does
                # to it: together with the connection they would wait for a look for garbage.
                del self.parser
