"""daphne as small set-ups run it: with what it lacks for sockets that stay open for days, and for bad lines."""

import asyncio
from functools import partial
from typing import Any

from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import reactor
from twisted.internet.defer import Deferred, DeferredList

from chat.protocol.closing import CloseCode
from chat.servers.daphne_requests import Request
from chat.servers.daphne_sockets import Connection, Flow, PausingInbox, Socket
from chat.sockets.inbox import LISTEN
from chat.sockets.outbox import SAY

LARGEST_MESSAGE = 1024 * 1024
"""Bytes that daphne reads at most; the protocol's own limit answers in words and is far below."""
LAST_WORDS = 30.0
"""Seconds that a client has to read what was sent before a close frame, and to answer it, until it is cut off."""
FAREWELL = 2.0
"""Seconds that clients have to answer the close frame when the server ends."""


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
        build = self.http_factory.buildProtocol

        def build_ours(address: Any) -> Any:
            channel = build(address)
            channel.requestFactory = Request
            return channel

        self.http_factory.buildProtocol = build_ours
        # Who breaks the rules is told so by a close code, and who closes hears its own.
        self.ws_factory.setProtocolOptions(failByDrop=False, echoCloseCodeReason=True)
        super().listen_success(port)

    def create_application(
        self, protocol: Any, scope: dict[str, Any]
    ) -> "PausingInbox | asyncio.Queue[dict[str, Any]] | None":
        """Begin the application of a request or of a socket; returns the queue from which it hears.

        daphne's own takes in whatever clients send, however much waits already.
        """
        if not isinstance(protocol, WebSocketProtocol):
            queue: asyncio.Queue[dict[str, Any]] | None = super().create_application(protocol, scope)
            return queue
        inbox = PausingInbox(protocol.transport)
        scope.setdefault("asgi", {"version": "3.0"})
        scope |= {SAY: protocol.say, LISTEN: inbox.listen}
        running = self.application(scope=scope, receive=inbox.get, send=partial(self.handle_reply, protocol))
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(running)
        return inbox

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Hand the application's message to its client, once that takes more.

        daphne's own hands over everything at once: a client that reads nothing would fill the memory.
        """
        if message["type"] == "websocket.accept":
            protocol.flow = Flow()
            protocol.closeHandshakeTimeout = LAST_WORDS
            protocol.unregisterProducer()
            protocol.registerProducer(protocol.flow, True)
        elif message["type"] == "websocket.send":
            if protocol.flow.stands:
                await protocol.flow.free()
            if protocol.say(message["text"]):
                return
        await super().handle_reply(protocol, message)
        if message["type"] == "http.response.body" and message.get("more_body"):
            await protocol.taken()

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
