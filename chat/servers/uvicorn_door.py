"""uvicorn's HTTP protocol, for `--http chat.servers.uvicorn_door:Door`: WebSockets come in one after another."""

from functools import partial

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chat.doors import turnstile


class Door(HttpToolsProtocol):
    """Reads requests as uvicorn does; those for a WebSocket wait for their turn first."""

    def data_received(self, data: bytes) -> None:
        """Bytes from a client that has no WebSocket yet."""
        if turnstile.asks_for_a_socket(data):
            self.transport.pause_reading()
            turnstile.current().enter(partial(self._come_in, data))
        else:
            super().data_received(data)

    def _come_in(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()
            super().data_received(data)
            if self.transport.get_protocol() is not self:
                # The request has become a socket, and nobody lets go of its parser, which refers to this as this does
                # to it: together with the connection they would wait for a look for garbage.
                del self.parser
