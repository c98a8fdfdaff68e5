"""The frames that most are, read and made in one go: whole, short texts (RFC 6455, section 5.2).

Whatever else may come or go is left to the server's own WebSocket library. Its way to a frame, made for every kind of
them, takes more of the core than everything else that is done with a message.
"""

from websockets.frames import apply_mask  # type: ignore[attr-defined]  # in C, where there is C

LONGEST = 0xFFFF
"""Bytes of a text that goes this way."""
_TEXT = 0x81
_CONTROL = range(0x88, 0x8B)
"""Close, ping and pong."""
_MASKED = 0x80
_TWO_BYTES_OF_LENGTH = 126


def size_of(data: bytes) -> int | None:
    """Bytes of the text or control frame that begins here, as far as it tells; None if it is of another kind."""
    if data[0] != _TEXT and data[0] not in _CONTROL:
        return None
    if len(data) == 1:
        return 2
    length = data[1] - _MASKED
    if 0 <= length < _TWO_BYTES_OF_LENGTH:
        return 6 + length
    if length == _TWO_BYTES_OF_LENGTH and data[0] == _TEXT:
        return 8 + int.from_bytes(data[2:4], "big") if len(data) > 3 else 8
    return None


def heard(data: bytes) -> tuple[list[str], int]:
    """The whole, short and sound text frames of a client at the beginning of `data`, and how many bytes they are."""
    texts: list[str] = []
    at, size = 0, len(data)
    while size - at > 6 and data[at] == _TEXT:
        length, begin = data[at + 1] - _MASKED, at + 6
        if length == _TWO_BYTES_OF_LENGTH:
            length, begin = int.from_bytes(data[at + 2 : at + 4], "big"), at + 8
            if length < _TWO_BYTES_OF_LENGTH:
                break
        elif not 0 <= length < _TWO_BYTES_OF_LENGTH:
            break
        end = begin + length
        if end > size:
            break
        try:
            texts.append(apply_mask(data[begin:end], data[begin - 4 : begin]).decode())
        except UnicodeDecodeError:
            break
        at = end
    return texts, at


def said(text: str) -> bytes | None:
    """The frame that a server says the text with; None if it is too long for this way."""
    payload = text.encode()
    size = len(payload)
    if size < _TWO_BYTES_OF_LENGTH:
        return bytes((_TEXT, size)) + payload
    if size <= LONGEST:
        return bytes((_TEXT, _TWO_BYTES_OF_LENGTH, size >> 8, size & 0xFF)) + payload
    return None
