"""The ways in which the server is run, each started once for the whole run of the tests."""

import itertools
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg
from django.core.management import call_command
from django.db import connections

from tests.services import ChatServer, Postgres, RedisServer, postgres_binary, redis_binary, temporary_folder

ENVIRONMENT = {"CHAT_LIMITS": "0", "DEBUG": "1", "LOG_LEVEL": "INFO", "PYTHONUNBUFFERED": "1"}
ENVIRONMENT |= {"CHAT_OFFLINE_SECONDS": "1", "CHAT_ROBOT_SECONDS": "0.1", "LEASE_SECONDS": "3"}
ENVIRONMENT |= {"WEBHOOKS_PRIVATE": "1", "WEBHOOKS_SECONDS": "1"}


@dataclass
class Deployment:
    """Running servers over one database, which the tests reach under `alias` to arrange and to check."""

    name: str
    alias: str
    servers: list[ChatServer]
    folder: Path
    helpers: list[Any] = field(default_factory=list)
    _turn: Any = field(default_factory=itertools.count)

    def next_server(self) -> ChatServer:
        """The servers take turns, so that the sockets of one test are spread over all of them."""
        turn: int = next(self._turn)
        return self.servers[turn % len(self.servers)]

    def stop(self) -> None:
        for server in self.servers:
            server.stop()
        connections[self.alias].close()
        for helper in self.helpers:
            helper.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _database(alias: str, url: str) -> None:
    """Make the tables of a new database and let the tests' process reach it."""
    connections.databases[alias] = connections.configure_settings(
        {alias: {**dj_database_url.parse(url), "CONN_MAX_AGE": None}, "default": {}}
    )[alias]
    if connections[alias].vendor == "sqlite":
        connections.databases[alias]["OPTIONS"] = connections.databases["default"]["OPTIONS"]
        copy_empty_database(Path(connections.databases[alias]["NAME"]))
    else:
        call_command("migrate", database=alias, verbosity=0)


_empty: list[Path] = []
"""An SQLite file with all tables and no rows, made once: a copy of it takes no time."""


def copy_empty_database(path: Path) -> None:
    """Put an SQLite file with all tables and no rows there."""
    if not _empty:
        file = temporary_folder("empty") / "chat.sqlite3"
        connections.databases["empty"] = {**connections.databases["default"], "NAME": str(file)}
        call_command("migrate", database="empty", verbosity=0)
        connections["empty"].close()
        _empty.append(file)
    shutil.copy(_empty[0], path)


def embedded(kind: str, alias: str = "", *, on: Path | None = None, **environment: str) -> Deployment:
    """SQLite and the in-process layer, in one process of daphne or uvicorn, with further settings if need be."""
    folder = on or temporary_folder(kind)
    _database(alias or kind, f"sqlite:///{folder / 'chat.sqlite3'}")
    server = ChatServer(kind, {**ENVIRONMENT, **environment, "VAR_DIR": str(folder)})
    return Deployment(kind, alias or kind, [server], folder)


def own(kind: str, *, on: Path | None = None, **environment: str) -> Deployment:
    """As `embedded`, for one test alone, which must stop it."""
    return embedded(kind, f"own-{uuid.uuid4().hex}", on=on, **environment)


_kept: dict[str, Deployment] = {}


def kept(kind: str, **environment: str) -> Deployment:
    """As `own`, for tests in a row that ask for the same; it ends when another one is asked for."""
    key = repr((kind, sorted(environment.items())))
    if key not in _kept:
        _stop_kept()
        _kept[key] = own(kind, on=None, **environment)
    return _kept[key]


def forget(deployment: Deployment) -> None:
    """A test has ended the servers of a kept deployment: the next one needs others."""
    for key in [key for key, kept in _kept.items() if kept is deployment]:
        _kept.pop(key).stop()


def _stop_kept() -> None:
    while _kept:
        _kept.popitem()[1].stop()


def grown_up(alias: str = "grown_up", **environment: str) -> Deployment:
    """PostgreSQL, Redis and two processes of uvicorn, with further settings if need be."""
    folder = temporary_folder("grown-up")
    postgres, redis = Postgres(), RedisServer()
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE chat")
    url = postgres.url("chat")
    _database(alias, url)
    settings = {**ENVIRONMENT, **environment, "VAR_DIR": str(folder), "DATABASE_URL": url, "REDIS_URL": redis.url}
    servers = [ChatServer("uvicorn", settings) for _ in range(2)]
    return Deployment("grown-up", alias, servers, folder, [redis, postgres])


def joined(**environment: str) -> Deployment:
    """Two processes of uvicorn that share an SQLite file and a Redis: for what Redis alone has to do with."""
    folder = temporary_folder("joined")
    alias = f"own-{uuid.uuid4().hex}"
    redis = RedisServer()
    _database(alias, f"sqlite:///{folder / 'chat.sqlite3'}")
    settings = {**ENVIRONMENT, **environment, "VAR_DIR": str(folder), "REDIS_URL": redis.url}
    servers = [ChatServer("uvicorn", settings) for _ in range(2)]
    return Deployment("joined", alias, servers, folder, [redis])


def missing_for_grown_up() -> str:
    """What keeps `grown_up` from being started here; empty if nothing does."""
    missing = []
    if redis_binary() is None:
        missing.append("redis-server")
    if postgres_binary("initdb") is None:
        missing.append("postgresql")
    return " and ".join(missing)


START: dict[str, Callable[[], Deployment]] = {
    "daphne": lambda: embedded("daphne"),
    "uvicorn": lambda: embedded("uvicorn"),
    "grown-up": grown_up,
}

_running: dict[str, Deployment] = {}


def running(name: str) -> Deployment:
    """The deployment of that name, started when it is first asked for."""
    if name not in _running:
        _running[name] = START[name]()
    return _running[name]


def stop_all() -> None:
    """End every server and helper that the tests have started."""
    _stop_kept()
    for deployment in _running.values():
        deployment.stop()
    _running.clear()
    for file in _empty:
        shutil.rmtree(file.parent)
    _empty.clear()
