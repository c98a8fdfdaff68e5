"""What the model-based test acts on: accounts with their sockets, and what each side should see."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from tests.client import PATIENCE, Client, a_moment
from tests.deployments import Deployment
from tests.http import Http, new_key, path
from tests.view import View
from tests.world import PASSWORD, World

ACCOUNTS = ("A", "B", "C")
NOTIFICATION = "notification"
PEERS = (*ACCOUNTS, NOTIFICATION)
"""With whom an account may have a conversation."""
Key = tuple[str, int]


@dataclass
class Talk:
    """The model of one side's view."""

    unread: int = 0
    pinned: int = 0
    listed: bool = False
    last_id: int = 0
    preview: str = ""
    visible: list[int] = field(default_factory=list)


@dataclass
class Sent:
    """The model of one message."""

    id: int
    sender: str
    recipient: str
    recalled: bool = False


class Sockets:
    """The sockets of one example, with their views, and one marker on each server."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.world = World(deployment.alias)
        self.world.accounts(*ACCOUNTS)
        self.clients: dict[Key, Client] = {}
        self.views: dict[Key, View] = {}
        self.markers: dict[str, Client] = {}
        self._bearer = new_key(self.world)[1]

    async def open(self) -> None:
        for number, server in enumerate(self.deployment.servers):
            name = f"marker{number}"
            self.world.account(name)
            self.markers[name] = await self._client(name, server.url)
        for account in ACCOUNTS:
            for number in (1, 2):
                await self.sign_in((account, number))

    async def close(self) -> None:
        for client in [*self.clients.values(), *self.markers.values()]:
            await client.__aexit__()

    async def sign_in(self, key: Key) -> None:
        account, number = key
        server = self.deployment.servers[number % len(self.deployment.servers)]
        client = self.clients[key] = await self._client(account, server.url)
        await client.ask("subscribe", events=["recall"])
        view = self.views[key] = View(account)
        view.fetched((await client.ask("users", limit=100))["data"])
        view.blocked = await self.blocked(client)

    async def _client(self, account: str, url: str) -> Client:
        client = await Client(url).__aenter__()
        await client.sign_in(self.world.appid, account, PASSWORD)
        client.heard.clear()
        return client

    async def take_in(self) -> None:
        """Let every view take in all that its socket is told by now."""
        for (account, _), client in self.clients.items():
            for name, marker in self.markers.items():
                await marker.ask("enter_chats", account=account)
                await client.hear("sync_chat", chat_account=name)
        for key, client in self.clients.items():
            for frame in await client.pending():
                self.views[key].hear(frame)

    async def fresh(self, account: str) -> list[dict[str, Any]]:
        """The list as a socket gets it that signs in now."""
        async with Client(self.deployment.next_server().url) as client:
            await client.sign_in(self.world.appid, account, PASSWORD)
            users: list[dict[str, Any]] = (await client.ask("users", limit=100))["data"]
            return users

    async def blocked(self, client: Client) -> set[str]:
        """Whom the client's account has blocked, as it is answered now."""
        return {row["account"] for row in (await client.ask("blocked", limit=100))["data"]}

    async def notify(self, account: str, content: str) -> None:
        """A notification by the app's own server, told in full."""
        http = Http(self.deployment.next_server(), self._bearer)
        data = {"accounts": [account], "message": {"type": "txt", "content": content}}
        answer = await asyncio.to_thread(http, "POST", path("notifications"), data)
        assert answer.status == 202, answer
        async with asyncio.timeout(PATIENCE):
            while answer.json["told_at"] is None:
                await a_moment()
                answer = await asyncio.to_thread(http, "GET", path("notifications", answer.json["id"]))

    async def history(self, key: Key, peer: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.clients[key].ask("chats", account=peer))["data"]["list"]
        return items
