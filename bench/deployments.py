"""What is measured: servers with their databases and brokers, all on the server's core."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import psycopg

from bench import cores, processes
from bench.sockets import ChatSocket, EchoSocket, Socket
from tests.services import ROOT, ChatServer, Postgres, Program, RedisServer, free_port, temporary_folder

KEPT = ROOT / "var" / "bench"
"""What takes long to prepare is kept here for the next run."""
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "chatproject.settings",
    "DEBUG": "0",
    "SECRET_KEY": "only-for-benchmarks-" + "0" * 40,
    "ALLOWED_HOSTS": "127.0.0.1",
    "CHAT_LIMITS": "0",
    "LOG_LEVEL": "INFO",
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "PYTHONUNBUFFERED": "1",
    "PYTHONDONTWRITEBYTECODE": "",
}
UVICORN = ("--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--lifespan", "off")
Settings = dict[str, str]
Rows = list[tuple[Any, ...]]


@dataclass
class Deployment:
    """Running servers, ready to be loaded."""

    label: str
    kind: Callable[[str], Socket]
    urls: list[str]
    servers: list[Program]
    helpers: list[Program] = field(default_factory=list)
    """Database and broker."""
    sql: Callable[[str], Rows] = lambda statement: []
    """Runs a statement in the deployment's database."""
    counting: str = "SELECT COUNT(*) FROM chat_message"
    """The statement that counts what is stored; empty where nothing is."""
    rows_for_a_message: int = 1
    settings: Settings = field(default_factory=dict)

    def stored(self) -> int:
        """How many messages are stored now."""
        return int(self.sql(self.counting)[0][0]) // self.rows_for_a_message if self.counting else 0

    def cpu_seconds(self) -> tuple[float, float]:
        """What the servers have taken so far, and what they have with database and broker."""
        servers = processes.cpu_seconds(program.process.pid for program in self.servers)
        return servers, servers + processes.cpu_seconds(program.process.pid for program in self.helpers)

    def resident_bytes(self) -> int:
        """Memory that the servers hold."""
        return processes.resident_bytes(program.process.pid for program in self.servers)


@dataclass
class Cluster:
    """A private PostgreSQL and a private Redis."""

    postgres: Postgres
    redis: RedisServer

    @property
    def programs(self) -> list[Program]:
        return [self.postgres.program, self.redis.program]

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """A new database for as long as the block lasts; its url."""
        anywhere = self.postgres.url("postgres")
        in_postgres(anywhere, f"CREATE DATABASE {name}")
        try:
            yield self.postgres.url(name)
        finally:
            in_postgres(anywhere, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def cluster(*, durable: bool = True) -> Iterator[Cluster]:
    """PostgreSQL and Redis on the server's core; what is not durable is not to be measured."""
    with ExitStack() as stack:
        with cores.for_the_server():
            postgres = Postgres(durable=durable)
            stack.callback(postgres.stop)
            redis = RedisServer()
            stack.callback(redis.stop)
        yield Cluster(postgres, redis)


def run(settings: Settings, *command: str) -> str:
    """Run a Python program with the settings of a deployment, not measured; what it printed."""
    with cores.on_every_core():
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return done.stdout


def prepare(settings: Settings, *step: str) -> str:
    """Run a step of `bench.prepare`."""
    return run(settings, "-m", "bench.prepare", *step)


@contextmanager
def embedded(server: str, accounts: int = 100, folder: Path | None = None, **environment: str) -> Iterator[Deployment]:
    """SQLite and the in-process layer in one process of daphne or uvicorn.

    Without a folder of its own it begins with so many accounts at least, and the demo data.
    """
    own = folder or temporary_folder(f"bench-{server}")
    settings = {**ENVIRONMENT, **environment, "VAR_DIR": str(own)}
    try:
        if folder is None:
            shutil.copy(_template(max(1000, 10 ** len(str(accounts - 1)))), own / "chat.sqlite3")
        with serving(server, settings) as running:
            yield Deployment(
                f"{server}, SQLite",
                ChatSocket,
                [running.url],
                [running.program],
                sql=partial(in_sqlite, own / "chat.sqlite3"),
                settings=settings,
            )
    finally:
        if folder is None:
            shutil.rmtree(own, ignore_errors=True)


@contextmanager
def grown_up(joined: Cluster, server: str, processes: int = 1, accounts: int = 100) -> Iterator[Deployment]:
    """PostgreSQL, Redis and some processes of daphne or uvicorn."""
    folder = temporary_folder(f"bench-{server}")
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = stack.enter_context(joined.database("chat"))
        settings = {**ENVIRONMENT, "VAR_DIR": str(folder), "DATABASE_URL": url, "REDIS_URL": joined.redis.url}
        prepare(settings, "accounts", str(accounts))
        running = [stack.enter_context(serving(server, settings)) for _ in range(processes)]
        yield Deployment(
            f"{server}, PostgreSQL, Redis",
            ChatSocket,
            [one.url for one in running],
            [one.program for one in running],
            joined.programs,
            # One connection for all: its process would otherwise end on the server's core while that is measured.
            sql=partial(found_by, stack.enter_context(psycopg.connect(url, autocommit=True))),
            settings=settings,
        )


@contextmanager
def serving(server: str, settings: Settings) -> Iterator[ChatServer]:
    """A process of our server on the server's core."""
    with cores.for_the_server():
        running = ChatServer(server, settings)
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def echo(server: str) -> Iterator[Deployment]:
    """The plain echo under the same server programs."""
    port = str(free_port())
    command, ready = {
        "daphne": (["daphne", "-p", port, "--websocket_timeout", "-1"], "Listening on TCP"),
        "uvicorn": (["uvicorn", "--port", port, *UVICORN], "Uvicorn running on"),
    }[server]
    command.append("bench.echo:application")
    with cores.for_the_server():
        program = Program([sys.executable, "-m", *command], ready, ENVIRONMENT)
    try:
        yield Deployment(f"{server}, plain echo", EchoSocket, [f"ws://127.0.0.1:{port}/ws"], [program], counting="")
    finally:
        program.stop()


def in_postgres(url: str, statement: str) -> Rows:
    """What the statement finds."""
    with psycopg.connect(url, autocommit=True) as connection:
        return found_by(connection, statement)


def found_by(connection: psycopg.Connection, statement: str) -> Rows:
    """What the statement finds."""
    cursor = connection.execute(statement.encode())
    return cursor.fetchall() if cursor.description else []


def in_sqlite(file: Path, statement: str) -> Rows:
    """What the statement finds."""
    with closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as connection:
        return connection.execute(statement).fetchall()


@cache
def _template(accounts: int) -> Path:
    """A database with the demo data and so many accounts, made once for each run of the benchmark."""
    folder = KEPT / f"accounts-{accounts}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    prepare({**ENVIRONMENT, "VAR_DIR": str(folder)}, "accounts", str(accounts))
    file = folder / "chat.sqlite3"
    in_sqlite(file, "PRAGMA wal_checkpoint(TRUNCATE)")
    return file
