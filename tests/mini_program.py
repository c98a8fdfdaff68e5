"""An Alipay mini program as one is in use: what it sends, and what it does with each frame it hears."""

import asyncio
import json
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.client import PATIENCE

Body = dict[str, Any]


class MiniProgram:
    """The chat page with one peer. It never pings, never sends `seq`, and parses every frame without a guard."""

    def __init__(self, url: str, appid: str, account: str, peer: str) -> None:
        self.url = url
        self.appid = appid
        self.account = account
        self.peer = peer
        self.bubbles: list[tuple[int | None, str, Body]] = []
        """What the page shows, from top to bottom: id, who speaks, and the body."""
        self.toasts: list[str] = []
        self.menu: list[dict[str, Any]] = []
        """The robot's questions that can be tapped on."""
        self.answered: asyncio.Queue[str] = asyncio.Queue()
        """The queries of the frames that were handled, for the test to wait by."""
        self._socket: ClientConnection | None = None
        self._listening: asyncio.Task[None] | None = None

    async def to_the_foreground(self, shop_id: int | None = None) -> None:
        """Open the page: log in at once, then ask for everything without waiting; from a product page the robot too."""
        self._socket = await connect(self.url, compression=None)
        await self._ask("login", {"account": self.account, "password": "123456", "source": 3}, appid=self.appid)
        self._listening = asyncio.get_running_loop().create_task(self._listen(self._socket))
        await self.until("login")
        await self._ask("enter_chats", {"account": self.peer})
        await self._ask("chats", {"account": self.peer})
        if shop_id is not None:
            await self._ask("robot", {"account": self.peer, "shop_id": shop_id, "api_token": "a-customers-own"})

    async def to_the_background(self) -> None:
        """The system hangs up; what the page shows stays."""
        if self._socket is not None:
            await self._socket.close()
        if self._listening is not None:
            await self._listening

    async def write(self, content: str) -> None:
        """Send a text."""
        await self.send({"type": "txt", "content": content})

    async def send(self, body: Body) -> None:
        """Send a message and draw it at once, without waiting for an answer."""
        self.bubbles.append((None, self.account, body))
        await self._ask("send", {"account": self.peer, "message": body})

    async def tap(self, question: dict[str, Any], shop_id: int) -> None:
        """Tap on one of the robot's questions: it is said, and the robot is asked with the answer's words."""
        await self.write(question["question"])
        await self._ask("robot", {"account": self.peer, "shop_id": shop_id, "content": question["answer"]})

    async def pull_down(self) -> None:
        """Fetch what is older than the oldest message shown."""
        smallest = min(number for number, _, _ in self.bubbles if number is not None)
        await self._ask("history_chats", {"account": self.peer, "start_id": smallest, "limit": 10})
        await self.until("history_chats")

    async def until(self, query: str) -> None:
        """Wait until a frame of that query is handled."""
        while await asyncio.wait_for(self.answered.get(), PATIENCE) != query:
            pass

    def shown(self) -> list[str]:
        """The words on the page, from top to bottom."""
        return [body["content"] for _, _, body in self.bubbles]

    async def _ask(self, query: str, data: dict[str, Any], **beside: Any) -> None:
        assert self._socket is not None
        await self._socket.send(json.dumps({"query": query, "data": data, **beside}, ensure_ascii=False))

    async def _listen(self, socket: ClientConnection) -> None:
        try:
            while True:
                self._hear(json.loads(await socket.recv()))
        except ConnectionClosed:
            pass

    def _hear(self, frame: dict[str, Any]) -> None:
        query, data = frame["query"], frame.get("data", {})
        if frame["code"] != 0:
            self.toasts.append(frame["msg"])
        elif query == "chats":
            self.bubbles = self._bubbles(data)
        elif query == "history_chats":
            self.bubbles = self._bubbles(data) + self.bubbles
        elif query == "user_message" and data["account"] == self.peer:
            self.bubbles.append((frame.get("message_id"), data["account"], data["message"]))
            if data["message"]["type"] == "robot":
                self.menu = data["message"]["data"]["list"]
        elif query == "sync_say":
            self.bubbles.append((frame["message_id"], data["account"], data["message"]))
        self.answered.put_nowait(query)

    def _bubbles(self, data: dict[str, Any]) -> list[tuple[int | None, str, Body]]:
        return [(item["message_id"], item["from_account"], item["message"]) for item in data["list"]]
