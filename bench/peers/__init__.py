"""The chat servers that ours is compared with, as Debian installs them, each archiving every message in PostgreSQL."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import psycopg

from bench import cores
from bench.deployments import Cluster, Deployment, Rows, in_postgres
from bench.sockets import PASSWORD, XmppSocket
from tests.services import Program, free_port, temporary_folder

PACKAGES = "ejabberd erlang-p1-pgsql prosody lua-dbi-sqlite3 lua-dbi-postgresql"
"""What `apt-get install` brings them with, on Debian 12."""
ROWS_FOR_A_MESSAGE = 2
"""Both archive a message for its sender and for its recipient."""
_FOLDER = Path(__file__).parent
_EJABBERD_TABLES = Path("/usr/share/ejabberd/sql/pg.sql")
_EJABBERD_CODE = Path("/usr/lib/x86_64-linux-gnu")


@contextmanager
def ejabberd(cluster: Cluster, accounts: int) -> Iterator[Deployment]:
    """ejabberd with accounts and archive in PostgreSQL."""
    with cluster.database("ejabberd") as url:
        names = [(f"u{number}", PASSWORD) for number in range(accounts)]
        with psycopg.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(_EJABBERD_TABLES.read_bytes())
            cursor.executemany("INSERT INTO users (username, password) VALUES (%s, %s)", names)
        folder = temporary_folder("bench-ejabberd", "ejabberd")
        port = free_port()
        file = _configuration("ejabberd.yml", folder, url, port)
        # Without a node name it needs no port mapper that would outlive it.
        command = ["erl", "-noinput", "+K", "true", "+P", "250000", "-mnesia", "dir", f'"{folder}/mnesia"']
        command += ["-s", "ejabberd", "-eval", 'io:format("ejabberd serves~n").']
        environment = {
            "ERL_LIBS": str(_EJABBERD_CODE),
            "EJABBERD_CONFIG_PATH": str(file),
            "EJABBERD_LOG_PATH": str(folder / "ejabberd.log"),
            "HOME": str(folder),
        }
        with _running("ejabberd", command, "ejabberd serves", environment, folder) as program:
            yield Deployment(
                "ejabberd, PostgreSQL archive",
                XmppSocket,
                [f"ws://127.0.0.1:{port}/ws"],
                [program],
                cluster.programs[:1],
                partial(in_postgres, url),
                "SELECT COUNT(*) FROM archive",
                ROWS_FOR_A_MESSAGE,
            )


@contextmanager
def prosody(cluster: Cluster, accounts: int) -> Iterator[Deployment]:
    """Prosody with its archive in PostgreSQL."""
    with cluster.database("prosody") as url:
        folder = temporary_folder("bench-prosody", "prosody")
        people = folder / "localhost" / "accounts"
        people.mkdir(parents=True)
        for number in range(accounts):
            (people / f"u{number}.dat").write_text(f'return {{ ["password"] = "{PASSWORD}" }};\n')
        port = free_port()
        file = _configuration("prosody.cfg.lua", folder, url, port)
        command = ["prosody", "-F", "--config", str(file)]
        with _running("prosody", command, "Activated service 'http' on", {}, folder) as program:
            yield Deployment(
                "Prosody, PostgreSQL archive",
                XmppSocket,
                [f"ws://127.0.0.1:{port}/xmpp-websocket"],
                [program],
                cluster.programs[:1],
                partial(_in_prosodys_tables, url),
                "SELECT COUNT(*) FROM prosodyarchive WHERE store = 'archive'",
                ROWS_FOR_A_MESSAGE,
            )


def _in_prosodys_tables(url: str, statement: str) -> Rows:
    """What the statement counts; Prosody makes its tables when it archives for the first time."""
    made = in_postgres(url, "SELECT to_regclass('prosodyarchive')")[0][0]
    return in_postgres(url, statement) if made else [(0,)]


PEERS: dict[str, Callable[[Cluster, int], AbstractContextManager[Deployment]]] = {
    "ejabberd": ejabberd,
    "prosody": prosody,
}


def missing(name: str) -> str:
    """Why the peer can't be run here; empty if it can."""
    program = {"ejabberd": "ejabberdctl", "prosody": "prosody"}[name]
    if shutil.which(program) is None:
        return f"not installed (apt-get install {PACKAGES})"
    return ""


def _configuration(name: str, folder: Path, url: str, port: int) -> Path:
    database = urlsplit(url)
    text = Template((_FOLDER / name).read_text()).substitute(
        port=port, folder=folder, database=database.path.lstrip("/"), database_port=database.port
    )
    file = folder / name
    file.write_text(text)
    return file


@contextmanager
def _running(
    owner: str, command: list[str], ready: str, environment: dict[str, str], folder: Path
) -> Iterator[Program]:
    """The peer on the server's core, as the user that its package made, in a folder of its own."""
    subprocess.run(["chown", "-R", owner, str(folder)], check=True)
    try:
        with cores.for_the_server():
            program = Program(["runuser", "-u", owner, "--", *command], ready, environment, folder)
        try:
            yield program
        finally:
            program.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
