"""PostgreSQL gives a process no more connections, and those that it has are in use."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import dj_database_url
import psycopg

from tests.case import SocketTest, text
from tests.client import PATIENCE, Client, a_moment
from tests.services import ChatServer


class NoConnectionIsFree(SocketTest):
    deployments: ClassVar = ("grown-up",)

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        beside = self.deployment.servers[0].environment
        self.url = beside["DATABASE_URL"]
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CREATE ROLE few LOGIN CONNECTION LIMIT 2")
            connection.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO few")
            connection.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO few")
        self.addCleanup(self.forget)
        port = dj_database_url.parse(self.url)["PORT"]
        few = f"postgres://few@127.0.0.1:{port}/chat"
        self.server = ChatServer("uvicorn", {**beside, "DATABASE_URL": few, "DATABASE_WAIT_SECONDS": "2"})
        self.addCleanup(self.server.stop)
        self.world.accounts("User1", "User2")

    def forget(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("DROP OWNED BY few")
            connection.execute("DROP ROLE few")

    @contextmanager
    def locked_lists(self) -> Iterator[psycopg.Connection]:
        """Whoever asks for a conversation list waits until this is over."""
        with psycopg.connect(self.url) as connection:
            connection.execute("LOCK TABLE chat_conversation")
            yield connection
            connection.rollback()

    async def test_is_refused_in_words_and_over_as_soon_as_one_is(self) -> None:
        one, other, third = [await self.signed_in(name, self.server) for name in ("User1", "User2", "User1")]
        with self.locked_lists() as connection:
            waiting = [(client, await client.request("users")) for client in (one, other)]
            async with asyncio.timeout(PATIENCE):
                while not self.both_wait(connection):
                    await a_moment()
            await self.assert_unavailable(third, "blocked")
            await self.assert_unavailable(third, "send", account="User2", message=text("在吗"))
        for client, seq in waiting:
            self.assertEqual((await client.answer(seq))["code"], 0)
        self.assertEqual((await third.ask("blocked"))["code"], 0)
        self.assertEqual((await third.tell("User2", "在吗"))["code"], 0)

    async def assert_unavailable(self, client: Client, query: str, **data: object) -> None:
        refused = await client.ask(query, **data)
        self.assert_refused(refused, "storage_unavailable", query)
        self.assertEqual(refused["retry_after"], 1)

    def both_wait(self, connection: psycopg.Connection) -> bool:
        row = connection.execute("SELECT COUNT(*) FROM pg_locks WHERE NOT granted").fetchone()
        assert row is not None
        return bool(row[0] == 2)
