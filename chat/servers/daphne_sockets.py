"""daphne's sockets: a short way for the frames that most are, and flow control both ways."""

import asyncio
import time
from functools import partial
from typing import Any

from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import main, reactor, tcp

from chat.doors import turnstile
from chat.servers.text_frames import heard, said
from chat.sockets.inbox import Inbox


class Flow:
    """Whether a socket's client takes what it is sent: a producer, as Twisted calls who must pause when it does not."""

    def __init__(self) -> None:
        self._resumed: asyncio.Future[None] | None = None

    def pauseProducing(self) -> None:  # noqa: N802  (Twisted's names)
        """Twisted's buffer for the socket is full."""
        if self._resumed is None:
            self._resumed = asyncio.get_running_loop().create_future()

    def resumeProducing(self) -> None:  # noqa: N802
        """The buffer is empty again."""
        if self._resumed is not None and not self._resumed.done():
            self._resumed.set_result(None)
        self._resumed = None

    stopProducing = resumeProducing  # noqa: N815
    """The connection is lost."""

    @property
    def stands(self) -> bool:
        """Whether the client takes nothing more for now."""
        return self._resumed is not None

    async def free(self) -> None:
        """Wait until the client takes more."""
        while self._resumed is not None:
            await asyncio.shield(self._resumed)


class Connection(tcp.Server):
    """Writes at once, and has the loop watch only a client that does not take it all.

    Twisted's own connection has the loop watch it, and forget it again, for each text.
    """

    _writes_soon = False
    _is_socket = False
    """Whether the request has become a WebSocket."""

    def write(self, data: bytes) -> None:
        """Bytes for the client."""
        waits = self._writes_soon or self.dataBuffer or self._tempDataBuffer
        if self.connected and not (waits or self.disconnecting or self.TLS):
            try:
                written = self.socket.send(data)
            except OSError:
                # Whatever is wrong with the connection is found once more, by who deals with it.
                written = 0
            if written == len(data):
                return
            data = data[written:]
        super().write(data)  # type: ignore[no-untyped-call]  # Twisted has no types

    def startReading(self) -> None:  # noqa: N802
        """Hear what the client sends. Twisted's own way there prepares, each time, for a line in the log."""
        super().startReading()  # type: ignore[no-untyped-call]
        if self in reactor._readers:
            reactor._asyncioEventloop.add_reader(self.fileno(), reactor._readOrWrite, self, True)

    def doRead(self) -> Any:  # noqa: N802
        """Read what the client has sent; what is returned says that the connection has ended."""
        if not self._is_socket:
            return super().doRead()
        try:
            data = self.socket.recv(self.bufferSize)
        except BlockingIOError:
            return None
        except OSError:
            return main.CONNECTION_LOST
        if not data:
            return main.CONNECTION_DONE
        protocol: Any = self.protocol
        protocol.dataReceived(data)
        return None

    def _dataReceived(self, data: bytes | None) -> Any:  # noqa: N802
        """Bytes from a client; those that ask for a WebSocket wait for their turn."""
        if not data or not turnstile.asks_for_a_socket(data):
            return super()._dataReceived(data)
        self.pauseProducing()  # type: ignore[no-untyped-call]
        turnstile.current().enter(partial(self._come_in, data))
        return None

    def _come_in(self, data: bytes) -> None:
        if self.connected:
            self.resumeProducing()  # type: ignore[no-untyped-call]
            http = self.protocol
            super()._dataReceived(data)
            if getattr(self, "protocol", None) is not http:
                # The request has become a socket. It and its channel hold each other, and would wait for a look for
                # garbage with everything that they know.
                http._channel.requests.clear()
                self._is_socket = True

    def startWriting(self) -> None:  # noqa: N802
        """There is something to write."""
        if not self._writes_soon:
            self._writes_soon = True
            reactor._asyncioEventloop.call_soon(self._write_now)

    def _write_now(self) -> None:
        self._writes_soon = False
        if self.connected:
            reactor._readOrWrite(self, False)
            if self.dataBuffer or self._tempDataBuffer:
                super().startWriting()  # type: ignore[no-untyped-call]  # Twisted has no types


class PausingInbox(Inbox):
    """An inbox whose client waits while it is full, and until it is empty again."""

    __slots__ = ("_paused", "_transport")

    def __init__(self, transport: Any) -> None:
        super().__init__()
        self._transport = transport
        self._paused = False

    def put_nowait(self, frame: dict[str, Any]) -> None:
        """Keep the frame until it is heard."""
        super().put_nowait(frame)
        if self.full() and not self._paused:
            self._paused = True
            self._transport.pauseProducing()

    async def get(self) -> dict[str, Any]:
        """The oldest frame, as soon as there is one."""
        frame = await super().get()
        if self._paused and self.empty():
            self._paused = False
            self._transport.resumeProducing()
        return frame


class Socket(WebSocketProtocol):  # type: ignore[misc]  # autobahn has no types
    """Reads whole text frames, and writes texts, by itself; whatever else may come or go is autobahn's.

    autobahn composes a line for the log for each read and write, even where nobody reads it, and its way to a frame
    took more of the core than everything else that was done with a message.
    """

    flow: Flow | None = None
    """Whether its client takes what it is sent, once the socket was accepted."""

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Bytes from the client."""
        if (
            self.state == self.STATE_OPEN
            and not (self.data or self.inside_message or self.muted)
            and self.current_frame is None
            and self.autoPingTimeoutCall is None
        ):
            texts, at = heard(data)
            for text in texts:
                self.application_queue.hear(text)
            if at:
                self.last_ping = time.time()
                data = data[at:]
        if data:
            self._dataReceived(data)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:  # noqa: N802, N803
        """The socket is closed. One whose handshake was refused has never come to daphne, which stumbles over that."""
        if hasattr(self, "server"):
            super().onClose(wasClean, code, reason)

    def connectionLost(self, *reason: Any) -> None:  # noqa: N802
        """The connection has ended."""
        super().connectionLost(*reason)
        # It holds the socket: together they would wait for a look for garbage, which stops the process.
        del self.is_closed

    def dropConnection(self, abort: bool = False) -> None:  # noqa: N802
        """End the connection. Who has sent a close frame, even a wrong one, is still told how it was taken."""
        super().dropConnection(abort=abort and not self.wasClean)

    def say(self, text: str) -> bool:
        """Write the text now; False if its client takes nothing more, or it must go autobahn's way."""
        if self.state != self.STATE_OPEN or self.flow is None or self.flow.stands:
            return False
        frame = said(text)
        if frame is None:
            return False
        self.transport.write(frame)
        return True

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:  # noqa: N802
        """Bytes to the client."""
        if sync or chopsize or self.send_queue:
            super().sendData(data, sync, chopsize)
        else:
            self.transport.write(data)
