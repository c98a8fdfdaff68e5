"""uvicorn's sockets, cut off where the client takes nothing any more.

uvicorn closes a socket once everything that was written has gone out, which never happens while a client reads nothing:
the close frame, too, waits for room. ASGI knows no way to end such a socket, so uvicorn is started with this one:
`--ws chat.uvicorn_socket:ChatSocket`.
"""

import asyncio
import socket
import struct
from typing import Any

from django.conf import settings
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from chat.protocol.closing import CloseCode

AT_ONCE = struct.pack("ii", 1, 0)


class ChatSocket(WebSocketsSansIOProtocol):
    """Ends by force when nothing of what waits to be written was taken for `CHAT_CUT_OFF_SECONDS`."""

    _patience: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """The client has left as much as may wait."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """The client has taken most of it."""
        super().resume_writing()
        if not self.close_sent:
            self._trust()

    def keepalive_timeout(self) -> None:
        """The client did not answer a ping; what is closed then waits for it like everything else."""
        super().keepalive_timeout()
        self._watch()

    def on_task_complete(self, task: "asyncio.Task[None]") -> None:
        """Nothing more will be said on the socket."""
        super().on_task_complete(task)
        if not self.disconnected:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has ended."""
        self._trust()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self._patience is None and settings.CHAT_CUT_OFF_SECONDS:
            waits = self.transport.get_write_buffer_size()
            self._patience = self.loop.call_later(settings.CHAT_CUT_OFF_SECONDS, self._cut_off, waits)

    def _trust(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _cut_off(self, waited: int) -> None:
        """End the connection, unless the client has taken something since."""
        self._patience = None
        if self.transport.get_write_buffer_size() < waited:
            self._watch()
            return
        gone: Any = {"type": "websocket.disconnect", "code": int(CloseCode.TOO_SLOW)}
        self.queue.put_nowait(gone)
        # What it has not taken goes with it; the system would keep that for minutes.
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self.transport.abort()
