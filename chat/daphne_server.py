"""daphne as small set-ups run it: with what it lacks for sockets that stay open for days."""

import asyncio
from functools import partial
from typing import Any

from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import reactor, tcp
from twisted.internet.defer import Deferred, DeferredList

from chat.protocol.closing import CloseCode

LARGEST_MESSAGE = 1024 * 1024
"""Bytes that daphne reads at most; the protocol's own limit answers in words and is far below."""
LAST_WORDS = 30.0
"""Seconds that a client has to read what was sent before a close frame, and to answer it, until it is cut off."""
FAREWELL = 2.0
"""Seconds that clients have to answer the close frame when the server ends."""


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

    async def free(self) -> None:
        """Wait until the client takes more."""
        while self._resumed is not None:
            await asyncio.shield(self._resumed)


class Connection(tcp.Server):
    """Writes after a turn of the loop what was said in it; only a client that does not take it all is watched.

    Twisted's own connection has the loop watch it, and forget it again, for each text.
    """

    _writes_soon = False

    def startWriting(self) -> None:  # noqa: N802
        """There is something to write."""
        if not self._writes_soon:
            self._writes_soon = True
            asyncio.get_running_loop().call_soon(self._write_now)

    def _write_now(self) -> None:
        self._writes_soon = False
        if self.connected:
            reactor._readOrWrite(self, False)
            if self.dataBuffer or self._tempDataBuffer:
                super().startWriting()  # type: ignore[no-untyped-call]  # Twisted has no types


class Socket(WebSocketProtocol):  # type: ignore[misc]  # autobahn has no types
    """Reads and writes without composing a line for the log each time, which autobahn does even where nobody reads it.

    It took a tenth of the core.
    """

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Bytes from the client."""
        self._dataReceived(data)

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:  # noqa: N802
        """Bytes to the client."""
        if sync or chopsize or self.send_queue:
            super().sendData(data, sync, chopsize)
        else:
            self.transport.write(data)


class Inbox(asyncio.Queue[dict[str, Any]]):
    """What a socket's client has sent and nobody has heard yet. Beyond a few frames the client has to wait."""

    MOST = 32

    def __init__(self, protocol: WebSocketProtocol) -> None:
        super().__init__()
        self._protocol = protocol
        self._paused = False

    def _put(self, item: dict[str, Any]) -> None:
        super()._put(item)
        if self.qsize() >= self.MOST and not self._paused and self._protocol.transport:
            self._paused = True
            self._protocol.transport.pauseProducing()

    def _get(self) -> dict[str, Any]:
        item = super()._get()
        if self._paused and self.empty():
            self._paused = False
            self._protocol.transport.resumeProducing()
        return item


class ChatServer(Server):  # type: ignore[misc]  # daphne has no types
    """daphne without its limit of a day for a socket, and with pings that a client's 50 seconds never miss."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(
            *args,
            **{
                **options,
                "websocket_timeout": -1,
                "ping_interval": 30,
                "ping_timeout": 60,
                "websocket_max_message_size": LARGEST_MESSAGE,
                "websocket_max_frame_size": LARGEST_MESSAGE,
            },
        )

    def listen_success(self, port: Any) -> None:
        """Listening has begun: connections are ours from now on."""
        port.transport = Connection
        self.ws_factory.protocol = Socket
        super().listen_success(port)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> "asyncio.Queue[dict[str, Any]] | None":
        """Begin the application of a request or of a socket; returns the queue from which it hears.

        daphne's own takes in whatever clients send, however much waits already.
        """
        if not isinstance(protocol, WebSocketProtocol):
            queue: asyncio.Queue[dict[str, Any]] | None = super().create_application(protocol, scope)
            return queue
        inbox = Inbox(protocol)
        scope.setdefault("asgi", {"version": "3.0"})
        running = self.application(scope=scope, receive=inbox.get, send=partial(self.handle_reply, protocol))
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(running)
        return inbox

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Hand the application's message to the socket, once its client takes more.

        daphne's own hands over everything at once: a client that reads nothing would fill the memory.
        """
        if message["type"] == "websocket.accept":
            protocol.flow = Flow()
            protocol.closeHandshakeTimeout = LAST_WORDS
            protocol.unregisterProducer()
            protocol.registerProducer(protocol.flow, True)
        elif message["type"] == "websocket.send":
            await protocol.flow.free()
        await super().handle_reply(protocol, message)

    def kill_all_applications(self) -> "Deferred[Any]":
        """Close the sockets, wait a moment for their clients' answers, and cancel what runs even then.

        daphne's own cancels at once, so that nothing reaches the clients, and stumbles over the finished requests
        from which the sockets came.
        """
        sockets = [protocol for protocol in self.connections if isinstance(protocol, WebSocketProtocol)]
        for socket in sockets:
            if socket.state == socket.STATE_OPEN:
                # Not `sendClose`, which takes only the codes that clients may send.
                socket.sendCloseFrame(code=CloseCode.RESTARTING)
        closed = DeferredList([socket.is_closed for socket in sockets])
        closed.addTimeout(FAREWELL, reactor, onTimeoutCancel=lambda *_: None)
        return closed.addCallback(self._cancel_all)

    def _cancel_all(self, closed: Any) -> "Deferred[Any]":
        tasks = [
            known["application_instance"] for known in self.connections.values() if "application_instance" in known
        ]
        for task in tasks:
            task.cancel()
        return Deferred.fromFuture(asyncio.gather(*tasks, return_exceptions=True))
