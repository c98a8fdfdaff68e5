"""Programs that tests start for themselves, on free ports, and end again: databases, brokers and our own server."""

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import deque
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
"""Seconds that a program may take to start."""


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def temporary_folder(name: str, owner: str | None = None) -> Path:
    """A new folder, removed when the tests are over if the test runner is told of it."""
    folder = Path(tempfile.mkdtemp(prefix=f"chat-{name}-"))
    if owner is not None:
        account = pwd.getpwnam(owner)
        os.chown(folder, account.pw_uid, account.pw_gid)
    return folder


class Program:
    """A child process that says in its output when it is ready."""

    def __init__(
        self, command: list[str], ready: str, environment: dict[str, str] | None = None, folder: Path = ROOT
    ) -> None:
        """Start `command` and return as soon as a line of its output contains `ready`."""
        self.lines: deque[str] = deque(maxlen=50_000)
        self._ready = ready
        self._is_ready = threading.Event()
        self._began = False
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._is_ready.wait(PATIENCE) or not self._began:
            self.stop()
            raise RuntimeError(f"{command} did not start:\n" + "".join(self.lines))

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if self._ready in line:
                self._began = True
                self._is_ready.set()
        self._is_ready.set()

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def wait(self) -> int:
        """The exit status, once it has ended."""
        return self.process.wait(PATIENCE)

    def stop(self, patience: float = 10) -> None:
        """End it, by force if it does not end by itself within so many seconds."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join(10)
        if self.process.stdout is not None:
            self.process.stdout.close()


def postgres_binary(name: str) -> str | None:
    """Where a program of PostgreSQL is, which Debian keeps out of the path."""
    return shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None)


def redis_binary() -> str | None:
    return shutil.which("redis-server")


class Postgres:
    """A private PostgreSQL cluster."""

    def __init__(self, *, durable: bool = False) -> None:
        """With `durable` it syncs what it commits, as an installed one does; tests have no need to wait for that."""
        initdb, postgres = postgres_binary("initdb"), postgres_binary("postgres")
        assert initdb is not None
        assert postgres is not None
        # PostgreSQL does not run as root. `runuser` would stand between, and pass on only some of the signals.
        become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
        as_user = become if os.geteuid() == 0 else []
        self.folder = temporary_folder("postgres", "postgres" if as_user else None)
        data = str(self.folder / "data")
        subprocess.run(
            [*as_user, initdb, "-D", data, "-U", "chat", "-A", "trust", "-E", "UTF8", "--no-locale"],
            check=True,
            capture_output=True,
            cwd="/",
        )
        self.port = free_port()
        self._command = [*as_user, postgres, "-D", data, "-p", str(self.port), "-k", str(self.folder)]
        self._command += ["-c", "listen_addresses=127.0.0.1", "-c", f"fsync={'on' if durable else 'off'}"]
        self.program = self._start()

    def _start(self) -> Program:
        return Program(self._command, "ready to accept connections", {"LC_MESSAGES": "C"}, Path("/"))

    def start_again(self) -> None:
        self.program.stop()
        self.program = self._start()

    def url(self, database: str) -> str:
        return f"postgres://chat@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        self.program.signal(signal.SIGINT)
        self.program.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class RedisServer:
    """A private Redis that keeps nothing."""

    def __init__(self) -> None:
        binary = redis_binary()
        assert binary is not None
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = [binary, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.program = Program(self._command, "Ready to accept connections")

    def stop(self) -> None:
        self.program.stop()

    def start_again(self) -> None:
        self.program.stop()
        self.program = Program(self._command, "Ready to accept connections")


class ChatServer:
    """A process of our own server."""

    def __init__(self, kind: str, environment: dict[str, str], port: int | None = None) -> None:
        """`kind` is `daphne` (through runserver) or `uvicorn`."""
        self.kind = kind
        self.port = port or free_port()
        self.environment = environment
        self.program = self._start()

    def _start(self) -> Program:
        if self.kind == "daphne":
            command = ["manage.py", "runserver", "--noreload", f"127.0.0.1:{self.port}"]
            ready = "Listening on TCP address"
        else:
            command = ["-m", "uvicorn", "chatproject.asgi:application", "--port", str(self.port)]
            command += [
                "--http",
                "chat.servers.uvicorn_door:Door",
                "--ws",
                "chat.servers.uvicorn_socket:ChatSocket",
                "--ws-per-message-deflate",
                "false",
                "--ws-max-size",
                "1048576",
                "--lifespan",
                "off",
                "--no-proxy-headers",
            ]
            ready = "Uvicorn running on"
        return Program([sys.executable, *command], ready, self.environment)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws"

    @property
    def pages(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """End it. Tests of how it ends send it a signal themselves: here nobody waits for farewells."""
        self.program.stop(patience=1)

    def start_again(self) -> None:
        """Start it on the same port and data after it has ended."""
        self.program.stop()
        self.program = self._start()
