"""uvicorn's sockets: a short way for the frames that most are, and an end where the client takes nothing any more.

A whole, short text goes past the WebSocket library and asyncio's queues, in and out; whatever else may come or go is
theirs. uvicorn closes a socket once everything that was written has gone out, which never happens while a client
reads nothing: the close frame, too, waits for room. ASGI knows no way to end such a socket, so uvicorn is started with
this one: `--ws chat.servers.uvicorn_socket:ChatSocket`.
"""

import asyncio
from http import HTTPStatus
from typing import Any

from django.conf import settings
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import State

from chat.protocol.closing import CloseCode
from chat.servers.text_frames import heard, said, size_of
from chat.servers.uvicorn_patience import Patience
from chat.sockets.inbox import LISTEN, Inbox
from chat.sockets.outbox import SAY


class ChatSocket(WebSocketsSansIOProtocol):
    """Ends by force when nothing of what waits to be written was taken for `CHAT_CUT_OFF_SECONDS`."""

    _short = False
    """Whether frames are read here; once one has come that is the library's, all further ones are."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.queue: Any = Inbox()
        self._begun = b""
        """What has come of a frame that is not whole yet."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client asks for a socket."""
        super().connection_made(transport)
        self._patience = Patience(self.transport, settings.CHAT_CUT_OFF_SECONDS)

    def handle_connect(self, event: Request) -> None:
        """The request for a socket has come."""
        super().handle_connect(event)
        if self.response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            self._short = True
            self.scope |= {SAY: self.say, LISTEN: self.queue.listen}  # type: ignore[misc]

    def start_keepalive(self) -> None:
        """The socket is accepted. Its request and the answer, with all their headers, are needed no more."""
        super().start_keepalive()
        del self.request, self.response

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        if not self._short:
            super().data_received(data)
            return
        if self._begun:
            data, self._begun = self._begun + data, b""
        while data:
            size = size_of(data) if self.conn.state is State.OPEN else None
            if size is None:
                self._short = False
                super().data_received(data)
                return
            texts, at = heard(data)
            for text in texts:
                self.queue.hear(text)
            if at:
                data = data[at:]
                continue
            if size > len(data):
                self._begun = data
                break
            super().data_received(data[:size])
            data = data[size:]
        if self.queue.full() and not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def say(self, text: str) -> bool:
        """Write the text now; False if its client takes nothing more, or it must go the library's way."""
        if self.conn.state is not State.OPEN or self.conn.extensions or not self.writable.is_set() or self.disconnected:
            return False
        frame = said(text)
        if frame is None:
            return False
        self.transport.write(frame)
        return True

    def pause_writing(self) -> None:
        """The client has left as much as may wait."""
        super().pause_writing()
        self._patience.begin()

    def resume_writing(self) -> None:
        """The client has taken most of it."""
        super().resume_writing()
        if not self.close_sent:
            self._patience.end()

    def keepalive_timeout(self) -> None:
        """The client did not answer a ping; what is closed then waits for it like everything else."""
        super().keepalive_timeout()
        self._patience.begin()

    def on_task_complete(self, task: "asyncio.Task[None]") -> None:
        """Nothing more will be said on the socket."""
        super().on_task_complete(task)
        # It refers to the socket: together they would wait for a look for garbage, which stops the process.
        self.scope.clear()  # type: ignore[attr-defined]
        if not self.disconnected:
            self._patience.begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has ended."""
        self._patience.end()
        if self._patience.is_over:
            gone: Any = {"type": "websocket.disconnect", "code": int(CloseCode.TOO_SLOW)}
            self.queue.put_nowait(gone)
        super().connection_lost(exc)
        # As with the scope: the library's parser refers to the connection that it parses for.
        del self.conn.parser
