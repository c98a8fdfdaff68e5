"""A TCP proxy between clients and a server: the bad network that no tool of this machine can make."""

import asyncio
import random
import socket
import struct

CHUNK = 65536


class Proxy:
    """Passes bytes between its own port and a server's, as badly as it is told to."""

    def __init__(self, port: int, seed: int) -> None:
        """`port` is the server's."""
        self._target = port
        self._dice = random.Random(seed)
        self._server: asyncio.Server | None = None
        self._pairs: set[Wire] = set()
        self._abandoned: list[Wire] = []
        self.byte_by_byte = False
        self.delay = 0.0
        """Seconds that every piece is late."""
        self._silent = asyncio.Event()
        self._silent.set()

    async def open(self) -> str:
        """Listen; returns the url that clients use."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        return f"ws://127.0.0.1:{port}/ws"

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        self.reset_all()
        for wire in self._abandoned:
            wire.reset()
        await self._server.wait_closed()

    def silence(self) -> None:
        """Pass nothing on, in either direction, and close nothing: a phone in a tunnel."""
        self._silent.clear()

    def back(self) -> None:
        """Pass on again, also what has waited."""
        self._silent.set()

    def cut_in_mid_frame(self) -> None:
        """The next piece on each connection is passed on to its half, then the connection is gone."""
        for wire in self._pairs:
            wire.cut_next = True

    def reset_all(self) -> None:
        """End every connection with a reset."""
        for wire in list(self._pairs):
            wire.reset()

    def half_open(self) -> None:
        """Forget the clients without a word to the server: it must notice by itself."""
        for wire in list(self._pairs):
            wire.vanish()
            self._abandoned.append(wire)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        wire = Wire(writer, other_writer)
        self._pairs.add(wire)
        try:
            await asyncio.gather(
                self._pass(reader, other_writer, wire), self._pass(other_reader, writer, wire), return_exceptions=True
            )
        finally:
            self._pairs.discard(wire)
            wire.end()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: "Wire") -> None:
        try:
            while data := await reader.read(CHUNK):
                await self._silent.wait()
                if self.delay:
                    await asyncio.sleep(self.delay * self._dice.random())
                if wire.cut_next:
                    writer.write(data[: len(data) // 2 + 1])
                    await writer.drain()
                    wire.reset()
                    return
                for piece in (data[i : i + 1] for i in range(len(data))) if self.byte_by_byte else (data,):
                    writer.write(piece)
                    await writer.drain()
                    if self.byte_by_byte:
                        await asyncio.sleep(0)
        except OSError:
            pass
        finally:
            if not wire.vanished:
                writer.close()


class Wire:
    """The two connections of one client."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._client = client
        self._server = server
        self.cut_next = False
        self.vanished = False
        for writer in (client, server):
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def reset(self) -> None:
        """End both sides with a reset."""
        for writer in (self._client, self._server):
            raw = writer.get_extra_info("socket")
            if raw is not None and raw.fileno() >= 0:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    def vanish(self) -> None:
        """The client's side ends, the server's stays open and silent."""
        self.vanished = True
        self._client.transport.abort()

    def end(self) -> None:
        if not self.vanished:
            self._client.transport.abort()
            self._server.transport.abort()
