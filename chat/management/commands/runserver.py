"""`manage.py runserver`: daphne, on HOST and PORT of the settings."""

import asyncio
from typing import Any

from daphne.management.commands.runserver import Command as DaphneCommand
from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from django.core.management.base import CommandParser
from twisted.internet import reactor
from twisted.internet.defer import Deferred, DeferredList

LARGEST_MESSAGE = 1024 * 1024
"""Bytes that daphne reads at most; the protocol's own limit answers in words and is far below."""
RESTARTING = 1012
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

    def kill_all_applications(self) -> "Deferred[Any]":
        """Close the sockets, wait a moment for their clients' answers, and cancel what runs even then.

        daphne's own cancels at once, so that nothing reaches the clients, and stumbles over the finished requests
        from which the sockets came.
        """
        sockets = [protocol for protocol in self.connections if isinstance(protocol, WebSocketProtocol)]
        for socket in sockets:
            if socket.state == socket.STATE_OPEN:
                # Not `sendClose`, which takes only the codes that clients may send.
                socket.sendCloseFrame(code=RESTARTING)
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


class Command(DaphneCommand):  # type: ignore[misc]
    """With DEBUG on it starts again by itself when the code changes."""

    default_addr = settings.HOST
    default_port = str(settings.PORT)
    server_cls = ChatServer

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(use_reloader=settings.DEBUG)
