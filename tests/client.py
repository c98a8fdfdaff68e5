"""A client of the protocol that believes nothing: every frame it hears must fit the schema."""

import asyncio
import itertools
from collections.abc import Iterable
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from chat.protocol import frames, subscribed

PATIENCE = 20.0
"""Seconds after which something that should happen at once counts as not happening."""

Heard = dict[str, Any]

SCHEMAS: dict[str, type[frames.Frame]] = {
    "connect": frames.Connected,
    "ping": frames.Pong,
    "login": frames.SignedIn,
    "leave_chats": frames.Done,
    "users": frames.UserList,
    "chats": frames.Items,
    "history_chats": frames.Items,
    "user_message": frames.UserMessage,
    "sync_say": frames.SyncSay,
    "sync_read": frames.SyncRead,
    "sync_all_noread_nums": frames.SyncAllNoreadNums,
    "sync_chat": frames.SyncChat,
    "sync_chat_delete": frames.SyncChatDelete,
    "top": frames.Topped,
    "sync_top": frames.SyncTop,
    "block": frames.BlockChanged,
    "unblock": frames.BlockChanged,
    "sync_block": frames.SyncBlock,
    "blocked": frames.BlockedList,
    "subscribe": subscribed.Subscribed,
    "typing": frames.Done,
    "sync_typing": subscribed.SyncTyping,
    "online": subscribed.OnlineList,
    "sync_online": subscribed.SyncOnline,
    "recall": subscribed.Recalled,
    "sync_recall": subscribed.SyncRecall,
    "sync_visit": subscribed.SyncVisit,
}


def checked(text: str) -> Heard:
    """The frame, if it fits its schema to the last key."""
    frame: Heard = msgspec.json.decode(text)
    schema = frames.Error if frame.get("code") == 2 else SCHEMAS[frame["query"]]
    again = msgspec.json.decode(msgspec.json.encode(msgspec.json.decode(text, type=schema)))
    if again != frame:
        raise AssertionError(f"keys that the schema does not know: {frame}")
    return frame


async def a_moment() -> None:
    """Before asking again for what the server does on its own: to ask without a pause would take a core from it."""
    await asyncio.sleep(0.02)


class Client:
    """One socket. Use it as an async context manager, so that it always hangs up."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        """`headers` go with the handshake."""
        self.url = url
        self._headers = headers
        self.heard: list[Heard] = []
        """Frames that were heard and not asked for yet, oldest first."""
        self._seq = itertools.count(1)
        self._socket: ClientConnection | None = None

    @property
    def socket(self) -> ClientConnection:
        assert self._socket is not None, "not connected"
        return self._socket

    async def __aenter__(self) -> "Client":
        self._socket = await connect(
            self.url,
            compression=None,
            max_size=None,
            max_queue=None,
            open_timeout=PATIENCE,
            additional_headers=self._headers,
        )
        return self

    async def __aexit__(self, *reason: object) -> None:
        await self.socket.close()

    async def say(self, text: str | bytes) -> None:
        """Send one frame as it stands."""
        await self.socket.send(text)

    async def next(self) -> Heard:
        """The next frame from the server."""
        return checked(await self.next_text())

    async def next_text(self) -> str:
        """The next frame as it stands."""
        async with asyncio.timeout(PATIENCE):
            text = await self.socket.recv()
        if not isinstance(text, str):
            raise TypeError("a binary frame")
        return text

    async def hear(self, query: str, **data: Any) -> Heard:
        """The oldest frame of that query, heard already or still to come, whose data has these values."""

        def fits(frame: Heard) -> bool:
            inner = frame.get("data", {})
            return frame["query"] == query and all(inner.get(key) == value for key, value in data.items())

        return await self._first(fits)

    async def ask(self, query: str, **data: Any) -> Heard:
        """Ask, and return what answers: the frame with this request's `seq`."""
        seq = await self.request(query, **data)
        return await self.answer(seq)

    async def request(self, query: str, **data: Any) -> int:
        """Ask without waiting; returns the `seq` for `answer`."""
        seq = next(self._seq)
        await self.say(msgspec.json.encode({"query": query, "data": data, "seq": seq}).decode())
        return seq

    async def answer(self, seq: int) -> Heard:
        return await self._first(lambda frame: frame.get("seq") == seq)

    async def sign_in(self, appid: str, account: str, password: str, source: int = 1) -> Heard:
        """Sign in with a password; returns the answer, whatever it is."""
        await self.say(
            msgspec.json.encode(
                {
                    "appid": appid,
                    "query": "login",
                    "data": {"account": account, "password": password, "source": source},
                }
            ).decode()
        )
        return await self.hear("login")

    async def tell(self, account: str, content: str) -> Heard:
        """Send a text; the receipt."""
        return await self.ask("send", account=account, message={"type": "txt", "content": content})

    async def tell_all(self, account: str, contents: Iterable[str]) -> list[int]:
        """Send texts one after another without waiting for receipts; then their ids, in order."""
        asked = [
            await self.request("send", account=account, message={"type": "txt", "content": content})
            for content in contents
        ]
        return [(await self.answer(seq))["message_id"] for seq in asked]

    async def pending(self) -> list[Heard]:
        """Everything that the server had for this socket by now, in order; a ping tells where now is."""
        await self.say("ping")
        while True:
            frame = await self.next()
            if frame["query"] == "ping":
                heard, self.heard = self.heard, []
                return heard
            self.heard.append(frame)

    async def closed(self) -> int:
        """Wait until the server closes the socket; the close code."""
        while True:
            try:
                self.heard.append(await self.next())
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006

    async def _first(self, fits: Any) -> Heard:
        for index, frame in enumerate(self.heard):
            if fits(frame):
                return self.heard.pop(index)
        while True:
            try:
                frame = await self.next()
            except TimeoutError:
                raise AssertionError(f"nothing fitting was heard, only {self.heard}") from None
            if fits(frame):
                return frame
            self.heard.append(frame)
