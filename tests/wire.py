"""A WebSocket client that keeps no rule: it writes the bytes it is told to, and says in words what came back."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
PATIENCE = 10.0
MASK = b"\x01\x80\x7f\xfe"
HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
)
END = json.dumps({"query": "leave_chats", "seq": "end"}).encode()
"""What is asked last: its answer tells that everything before it was answered, and that the socket lives."""


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, masked: bool = True) -> bytes:
    """A frame, right or wrong."""
    head = bytes([fin << 7 | rsv << 4 | opcode])
    size, bit = len(payload), masked << 7
    if size < 126:
        head += bytes([bit | size])
    elif size < 65536:
        head += bytes([bit | 126]) + struct.pack("!H", size)
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", size)
    if not masked:
        return head + payload
    mask = int.from_bytes((MASK * (size // 4 + 1))[:size], "big")
    return head + MASK + (int.from_bytes(payload, "big") ^ mask).to_bytes(size, "big")


def pieces(opcode: int, *parts: bytes) -> list[bytes]:
    """One message in several frames."""
    last = len(parts) - 1
    return [frame(CONTINUATION if n else opcode, part, fin=n == last) for n, part in enumerate(parts)]


def octets(data: bytes) -> list[bytes]:
    """The same bytes, each written by itself."""
    return [bytes([octet]) for octet in data]


async def converse(url: str, writes: Sequence[bytes], *, closes: bool) -> str:
    """What a server says to these bytes, in words, until it `closes` the socket, or has answered a last question."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    heard: list[str] = []
    try:
        async with asyncio.timeout(PATIENCE):
            writer.write(HANDSHAKE.format(path=place.path, host=place.netloc, more="").encode())
            await reader.readuntil(b"\r\n\r\n")
            assert (await _heard(reader)) == "connect"
            hearing = asyncio.create_task(_listen(reader, writer, heard))
            # Who is closing may be gone when a further question comes; then its last words would be lost with it.
            await _write(writer, writes if closes else [*writes, frame(TEXT, END)])
            await hearing
    except TimeoutError:
        heard.append("silence")
    finally:
        writer.close()
    return ", ".join(heard)


async def upgrade(url: str, *, leave_out: str = "", more: str = "") -> tuple[int, str]:
    """The status and the headers with which a server answers a handshake."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        async with asyncio.timeout(PATIENCE):
            text = HANDSHAKE.format(path=place.path, host=place.netloc, more=more)
            lines = [line for line in text.split("\r\n") if not (leave_out and line.startswith(leave_out))]
            writer.write("\r\n".join(lines).encode())
            answer = (await reader.readuntil(b"\r\n\r\n")).decode()
    finally:
        writer.close()
    return int(answer.split()[1]), answer


async def _write(writer: asyncio.StreamWriter, writes: Sequence[bytes]) -> None:
    try:
        for data in writes:
            writer.write(data)
            await writer.drain()
            # Each write arrives by itself.
            await asyncio.sleep(0)
    except ConnectionError:
        return


async def _listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: list[str]) -> None:
    try:
        while True:
            word = await _heard(reader)
            if word == "end":
                return
            heard.append(word)
            if word.startswith("close"):
                await _write(writer, [frame(CLOSE, (1000).to_bytes(2, "big"))])
                # Whatever comes after it would be against the rules, and is heard too.
                heard += [word async for word in _rest(reader)]
                return
    except (asyncio.IncompleteReadError, ConnectionError):
        heard.append("cut")


async def _rest(reader: asyncio.StreamReader) -> AsyncIterator[str]:
    try:
        while True:
            yield await _heard(reader)
    except (asyncio.IncompleteReadError, ConnectionError):
        return


async def _heard(reader: asyncio.StreamReader) -> str:
    """One frame from the server, in a word or two."""
    first, second = await reader.readexactly(2)
    size = second & 127
    if size == 126:
        (size,) = struct.unpack("!H", await reader.readexactly(2))
    elif size == 127:
        (size,) = struct.unpack("!Q", await reader.readexactly(8))
    payload = await reader.readexactly(size)
    match first & 15:
        case 1:
            answer = json.loads(payload)
            if answer.get("seq") == "end":
                return "end"
            return str(answer.get("reason") or ("not JSON" if answer["query"] == "error" else answer["query"]))
        case 8:
            return f"close {struct.unpack('!H', payload[:2])[0]}" if payload else "close"
        case 9:
            return "ping"
        case 10:
            return f"pong of {len(payload)}"
    return f"opcode {first & 15}"
