"""What RFC 6455 asks of a server, case by case, in the order and with the numbers of the Autobahn test suite.

The suite itself needs Python 2. Ours is no echo server: a text that is no JSON is answered with an error, a binary
message with another, and the text `ping` with a pong. Each case says what a strict server answers, and what may pass.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.wire import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, converse, frame, octets, pieces

NO_JSON, BINARY_FRAME, TOO_LARGE = "not JSON", "binary_frame", "frame_too_large"
PROTOCOL_ERROR, BAD_TEXT, TOO_BIG = "close 1002", "close 1007", "close 1009"
VALID: tuple[str, ...] = (
    "κόσμε",
    "\x00",
    "\x7f",
    "\u0080",
    "\u07ff",
    "\u0800",
    "\ud7ff",
    "\ue000",
    "\ufffd",
    "\uffff",
    "\U00010000",
)
VALID += ("\U0010fffe", "\U0010ffff", "Hello-µ@ßöäüàá-UTF-8!!")
INVALID = (
    b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited",
    *(b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xfc\x84\x80\x80\x80\x80", b"\x80", b"\xbf", b"\x80\xbf"),
    *(b"\xc0 ", b"\xe0 ", b"\xf0 ", b"\xc0", b"\xe0\x80", b"\xf0\x80\x80", b"\xfe", b"\xff", b"\xfe\xfe\xff\xff"),
    *(b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf", b"\xc1\xbf", b"\xe0\x9f\xbf", b"\xf0\x8f\xbf\xbf"),
    *(b"\xed\xa0\x80", b"\xed\xad\xbf", b"\xed\xbf\xbf", b"\xed\xa0\x80\xed\xb0\x80"),
)
GOOD_CODES = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999)
BAD_CODES = (0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535)
KIB = 1024


@dataclass(frozen=True)
class Case:
    """Bytes, and what must come back."""

    number: str
    about: str
    writes: list[bytes]
    strict: str
    lenient: tuple[str, ...] = ()
    also: str | None = None
    """What is as right, where a server may be quicker to close than to answer."""

    async def grade(self, url: str) -> tuple[str, str]:
        """Whether it is strict, lenient or wrong, and what came back."""
        heard = await converse(url, self.writes, closes="close" in self.strict)
        grade = "strict" if heard in (self.strict, self.also) else "lenient" if heard in self.lenient else "wrong"
        return grade, heard or "nothing"


def every() -> Iterator[Case]:
    """All cases."""
    yield from _framing()
    yield from _pings()
    yield from _reserved()
    yield from _fragments()
    yield from _texts()
    yield from _closing()
    yield from _limits()


def _framing() -> Iterator[Case]:
    for index, size in enumerate((0, 125, 126, 127, 128, 65535, 65536), 1):
        answer = NO_JSON
        yield Case(f"1.1.{index}", f"text of {size} octets", [frame(TEXT, b"x" * size)], answer)
        yield Case(f"1.2.{index}", f"binary of {size} octets", [frame(BINARY, b"\xfe" * size)], BINARY_FRAME)
    chopped = frame(TEXT, b"x" * 65536)
    parts = [chopped[begin : begin + 997] for begin in range(0, len(chopped), 997)]
    yield Case("1.1.8", "text of 65536 octets, written in parts of 997", parts, NO_JSON)
    yield Case("1.3", "a frame without a mask", [frame(TEXT, b"ping", masked=False)], PROTOCOL_ERROR)


def _pings() -> Iterator[Case]:
    for index, size in enumerate((0, 5, 8, 125), 1):
        yield Case(f"2.{index}", f"ping of {size} octets", [frame(PING, b"\xfe" * size)], f"pong of {size}")
    yield Case("2.5", "ping of 126 octets", [frame(PING, b"x" * 126)], PROTOCOL_ERROR)
    yield Case("2.6", "ping, octet by octet", octets(frame(PING, b"x" * 125)), "pong of 125")
    yield Case("2.7", "pong that nobody asked for", [frame(PONG)], "")
    yield Case("2.8", "pong with payload that nobody asked for", [frame(PONG, b"unsolicited")], "")
    yield Case("2.9", "such a pong, then a ping", [frame(PONG, b"x"), frame(PING, b"yy")], "pong of 2")
    ten = [frame(PING, b"x" * size) for size in range(10)]
    answers = ", ".join(f"pong of {size}" for size in range(10))
    yield Case("2.10", "ten pings", ten, answers)
    yield Case("2.11", "ten pings, octet by octet", octets(b"".join(ten)), answers)


def _reserved() -> Iterator[Case]:
    for rsv in range(1, 8):
        yield Case(f"3.{rsv}", f"reserved bits {rsv:03b}", [frame(TEXT, b"ping", rsv=rsv)], PROTOCOL_ERROR)
    for index, opcode in enumerate((3, 4, 5, 6, 7), 1):
        yield Case(f"4.1.{index}", f"reserved opcode {opcode}", [frame(opcode, b"x")], PROTOCOL_ERROR)
    for index, opcode in enumerate((11, 12, 13, 14, 15), 1):
        yield Case(f"4.2.{index}", f"reserved control opcode {opcode}", [frame(opcode, b"x")], PROTOCOL_ERROR)


def _fragments() -> Iterator[Case]:
    yield Case("5.1", "ping in two fragments", pieces(PING, b"a", b"b"), PROTOCOL_ERROR)
    yield Case("5.2", "pong in two fragments", pieces(PONG, b"a", b"b"), PROTOCOL_ERROR)
    ping = pieces(TEXT, b"pi", b"ng")
    yield Case("5.3", "text in two fragments", ping, "ping")
    yield Case("5.4", "the same in one write", [b"".join(ping)], "ping")
    yield Case("5.5", "the same, octet by octet", octets(b"".join(ping)), "ping")
    between = [ping[0], frame(PING, b"x"), ping[1]]
    yield Case("5.6", "a ping between two fragments", between, "pong of 1, ping")
    yield Case("5.7", "the same in one write", [b"".join(between)], "pong of 1, ping")
    yield Case("5.8", "the same, octet by octet", octets(b"".join(between)), "pong of 1, ping")
    alone = frame(CONTINUATION, b"x")
    yield Case("5.9", "a continuation of nothing", [alone], PROTOCOL_ERROR)
    yield Case("5.10", "the same, then text, in one write", [alone + frame(TEXT, b"ping")], PROTOCOL_ERROR)
    yield Case("5.12", "an unfinished continuation of nothing", [frame(CONTINUATION, b"x", fin=False)], PROTOCOL_ERROR)
    after = [*ping, frame(CONTINUATION, b"x")]
    yield Case("5.15", "a continuation after the last fragment", after, f"ping, {PROTOCOL_ERROR}", also=PROTOCOL_ERROR)
    yield Case("5.18", "text while a text is unfinished", [ping[0], frame(TEXT, b"ping")], PROTOCOL_ERROR)
    many = pieces(TEXT, b"p", b"i", b"n", b"g")
    mixed = [many[0], frame(PING, b"1"), many[1], frame(PING, b"22"), many[2], many[3]]
    yield Case("5.19", "pings between four fragments", mixed, "pong of 1, pong of 2, ping")
    yield Case("5.20", "the same, octet by octet", octets(b"".join(mixed)), "pong of 1, pong of 2, ping")


def _texts() -> Iterator[Case]:
    yield Case("6.1.1", "empty text", [frame(TEXT)], NO_JSON)
    yield Case("6.1.2", "three empty fragments", pieces(TEXT, b"", b"", b""), NO_JSON)
    yield Case("6.1.3", "a text between empty fragments", pieces(TEXT, b"", b"ping", b""), "ping")
    for index, text in enumerate(VALID, 1):
        data = text.encode()
        yield Case(f"6.2.{index}", f"valid UTF-8 {data.hex(' ')[:24]}", [frame(TEXT, data)], NO_JSON)
        split = pieces(TEXT, *octets(data))
        yield Case(f"6.3.{index}", "the same in fragments of one octet", split, NO_JSON)
    for index, data in enumerate(INVALID, 1):
        yield Case(f"6.4.{index}", f"invalid UTF-8 {data.hex(' ')[:24]}", [frame(TEXT, data)], BAD_TEXT)
        split = pieces(TEXT, *octets(data))
        yield Case(f"6.5.{index}", "the same in fragments of one octet", split, BAD_TEXT)
    unfinished = [frame(TEXT, b"\xf4\x90", fin=False), frame(PING), frame(CONTINUATION)]
    later = f"pong of 0, {BAD_TEXT}"
    yield Case("6.6", "invalid UTF-8 in an unfinished text, then a ping", unfinished, BAD_TEXT, (later,))


def _close(code: int, reason: bytes = b"") -> bytes:
    return frame(CLOSE, code.to_bytes(2, "big") + reason)


def _closing() -> Iterator[Case]:
    normal = _close(1000)
    yield Case("7.1.1", "a text, then a close", [frame(TEXT, b"ping"), normal], "ping, close 1000", also="close 1000")
    yield Case("7.1.2", "two closes", [normal + _close(1000)], "close 1000")
    yield Case("7.1.3", "a ping after a close", [normal + frame(PING)], "close 1000")
    yield Case("7.1.4", "a text after a close", [normal + frame(TEXT, b"ping")], "close 1000")
    yield Case("7.1.5", "a close in an unfinished text", [frame(TEXT, b"pi", fin=False), normal], "close 1000")
    yield Case("7.3.1", "a close without code", [frame(CLOSE)], "close", ("close 1000", "close 1005"))
    yield Case("7.3.2", "a close of one octet", [frame(CLOSE, b"a")], PROTOCOL_ERROR)
    yield Case("7.3.4", "a close with a reason", [_close(1000, b"bye")], "close 1000")
    yield Case("7.3.5", "a reason of 123 octets", [_close(1000, b"x" * 123)], "close 1000")
    yield Case("7.3.6", "a reason of 124 octets", [_close(1000, b"x" * 124)], PROTOCOL_ERROR)
    yield Case("7.5.1", "a reason of invalid UTF-8", [_close(1000, b"\xed\xa0\x80")], BAD_TEXT, (PROTOCOL_ERROR,))
    for index, code in enumerate(GOOD_CODES, 1):
        yield Case(f"7.7.{index}", f"close code {code}", [_close(code)], f"close {code}", ("close 1000",))
    for index, code in enumerate(BAD_CODES, 1):
        yield Case(f"7.9.{index}", f"close code {code}, which is none", [_close(code)], PROTOCOL_ERROR)


def _limits() -> Iterator[Case]:
    for index, size in enumerate((256 * KIB, 1024 * KIB), 1):
        yield Case(f"9.1.{index}", f"text of {size // KIB} KiB", [frame(TEXT, b"x" * size)], TOO_LARGE)
        yield Case(f"9.2.{index}", f"binary of {size // KIB} KiB", [frame(BINARY, b"x" * size)], BINARY_FRAME)
        for part in (4 * KIB, 64 * KIB):
            parts = pieces(TEXT, *[b"x" * part] * (size // part))
            about = f"text of {size // KIB} KiB in fragments of {part // KIB} KiB"
            yield Case(f"9.{3 + (part > 4 * KIB)}.{index}", about, parts, TOO_LARGE)
    # What would follow the head of a frame is not sent: a server has heard enough.
    head = 14
    yield Case("9.5", "text of more than 1 MiB", [frame(TEXT, b"x" * (1024 * KIB + 1))[:head]], TOO_BIG)
    *whole, last = pieces(TEXT, *[b"x" * 64 * KIB] * 17)
    yield Case("9.6", "the same in fragments", [*whole, last[:head]], TOO_BIG)
    yield Case("10.1", "65536 octets in fragments of 1300", pieces(TEXT, *[b"x" * 1300] * 50, b"x" * 536), NO_JSON)
