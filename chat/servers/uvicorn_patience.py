"""How long uvicorn's connections wait for a client that takes nothing of what it is sent."""

import asyncio
import socket
import struct

AT_ONCE = struct.pack("ii", 1, 0)


class Patience:
    """With one client. Once it is over the connection is ended by force; whatever is taken begins it anew."""

    __slots__ = ("_seconds", "_timer", "_transport", "is_over")

    def __init__(self, transport: asyncio.Transport, seconds: float) -> None:
        """For so many `seconds` nothing may be taken; 0 for ever."""
        self._transport = transport
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self.is_over = False

    def begin(self) -> None:
        """Something waits that the client does not take; it may have begun before."""
        if self._seconds and self._timer is None:
            waits = self._transport.get_write_buffer_size()
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._look, waits)

    def end(self) -> None:
        """The client has taken it, or is gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self, waited: int) -> None:
        """The time has passed in which less should wait than `waited` bytes."""
        self._timer = None
        if self._transport.get_write_buffer_size() < waited:
            self.begin()
            return
        self.is_over = True
        # What its client has not taken goes with the connection; the system would keep that for minutes.
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self._transport.abort()
