"""The load's sockets: one class for each protocol that it speaks."""

import asyncio
import base64
import json
import time
from collections.abc import Callable
from typing import ClassVar

from picows import WSFrame, WSListener, WSMsgType, WSTransport

APPID = "af8e2f0dbadb617bda145c84c1"
PASSWORD = "123456"
WORDS = "亲，在吗？想问一下这件现在还有货吗，今天能发吗"
PATIENCE = 120.0
"""Seconds that a socket waits for an answer; under a storm of sign-ins the last one comes after a minute."""
_DATA = (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION)


def _nobody(written_at: int) -> None:
    pass


class Socket(WSListener):
    """One connection of an account, which tells `on_arrival` when the message was written that it has just read."""

    subprotocol: ClassVar[str] = ""
    echoes: ClassVar[bool] = False
    """Whether messages come back to their sender."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.on_arrival: Callable[[int], None] = _nobody
        self.refusals: list[str] = []
        self.closed = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._awaited: tuple[bytes, asyncio.Future[bytes]] | None = None
        self._begun = b""

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.closed = True
        self._fail(ConnectionError(f"{self.name}: the server closed the socket"))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type in _DATA:
            text = frame.get_payload_as_bytes()
            if self._begun or not frame.fin:
                self._begun += text
                if not frame.fin:
                    return
                text, self._begun = self._begun, b""
            self.hear(text)
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()

    def hear(self, text: bytes) -> None:
        """One frame from the server."""
        raise NotImplementedError

    async def sign_in(self) -> None:
        """Become the account; raises if the server refuses."""
        raise NotImplementedError

    def send(self, to: str) -> None:
        """Write a message that carries the time of its writing."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        self._transport.send(WSMsgType.TEXT, text.encode())

    def hang_up(self) -> None:
        self._transport.disconnect()

    async def wait_for(self, mark: bytes) -> bytes:
        """The next frame that holds `mark`; one wait at a time."""
        self._awaited = (mark, asyncio.get_running_loop().create_future())
        return await asyncio.wait_for(self._awaited[1], PATIENCE)

    def answered(self, text: bytes) -> bool:
        """Give the frame to whoever waits for it."""
        if self._awaited is None or self._awaited[0] not in text:
            return False
        _, future = self._awaited
        self._awaited = None
        if not future.done():
            future.set_result(text)
        return True

    def arrived(self, text: bytes) -> None:
        """A message has been read."""
        _, mark, rest = text.partition(b"#")
        if mark:
            self.on_arrival(int(rest[: rest.index(b"#")]))

    def refused(self, text: bytes) -> None:
        """The server has said no."""
        self.refusals.append(text.decode())
        self._fail(RuntimeError(f"{self.name}: {text.decode()}"))

    def _fail(self, error: Exception) -> None:
        for future in (self.opened, self._awaited[1] if self._awaited else None):
            if future is not None and not future.done():
                future.set_exception(error)


def stamped() -> str:
    """The words of a message, with the time of their writing."""
    return f"{WORDS} #{time.perf_counter_ns()}#"


class ChatSocket(Socket):
    """Speaks this project's protocol."""

    def __init__(self, name: str, token: str = "") -> None:
        """With a chat token it signs in with that, else with the password."""
        super().__init__(name)
        self._token = token
        self._asked = 0
        self.receipts = 0

    def hear(self, text: bytes) -> None:
        if b'"code":2' in text:
            self.refused(text)
        elif not self.answered(text):
            if b'"user_message"' in text:
                self.arrived(text)
            elif b'"sync_read"' in text:
                self.receipts += 1
            elif not self.opened.done() and b'"connect"' in text:
                self.opened.set_result(None)

    async def sign_in(self) -> None:
        proof = {"token": self._token} if self._token else {"account": self.name, "password": PASSWORD}
        self.say(json.dumps({"appid": APPID, "query": "login", "data": {**proof, "source": 1}}))
        await self.wait_for(b'"login"')

    def send(self, to: str) -> None:
        body = f'{{"type":"txt","content":"{stamped()}"}}'
        self.say(f'{{"query":"send","data":{{"account":"{to}","message":{body}}}}}')

    async def ask(self, query: str, **data: object) -> bytes:
        """The answer to a query."""
        self._asked += 1
        self.say(json.dumps({"query": query, "seq": self._asked, **({"data": data} if data else {})}))
        return await self.wait_for(f'"seq":{self._asked}'.encode())


class EchoSocket(ChatSocket):
    """Sends the chat's messages to a server that sends back whatever it gets."""

    echoes = True

    def on_ws_connected(self, transport: WSTransport) -> None:
        super().on_ws_connected(transport)
        self.opened.set_result(None)

    async def sign_in(self) -> None:
        pass

    def hear(self, text: bytes) -> None:
        self.arrived(text)


class XmppSocket(Socket):
    """Speaks XMPP over WebSocket (RFC 7395) to the domain `localhost`, as far as one-to-one messages need it."""

    subprotocol = "xmpp"
    _STREAM = '<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" version="1.0" to="localhost"/>'
    _BIND = '<iq xmlns="jabber:client" type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>'

    def on_ws_connected(self, transport: WSTransport) -> None:
        super().on_ws_connected(transport)
        self.opened.set_result(None)

    async def sign_in(self) -> None:
        proof = base64.b64encode(f"\0{self.name}\0{PASSWORD}".encode()).decode()
        auth = f'<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">{proof}</auth>'
        for text, answer in (
            (self._STREAM, b"features"),
            (auth, b"<success"),
            (self._STREAM, b"features"),
            (self._BIND, b'"bind"'),
        ):
            self.say(text)
            await self.wait_for(answer)
        self.say('<presence xmlns="jabber:client"/>')

    def hear(self, text: bytes) -> None:
        if b"<body" in text:
            self.arrived(text)
        elif b"<failure" in text or b"<close" in text or b"type='error'" in text or b'type="error"' in text:
            self.refused(text)
        else:
            # Either quotation mark is right in XML.
            self.answered(text.replace(b"'", b'"'))

    def send(self, to: str) -> None:
        self.say(f'<message xmlns="jabber:client" to="{to}@localhost" type="chat"><body>{stamped()}</body></message>')
