"""On what it was measured."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from bench import cores
from tests.services import ROOT, postgres_binary

BUSY = 0.5
"""Load average from which on others are taking part."""
PACKAGES = ("Django", "channels", "daphne", "uvicorn", "uvloop", "websockets", "msgspec", "psycopg", "redis", "picows")


def about() -> dict[str, Any]:
    """What every result records."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "server's core": cores.SERVER,
        "load's core": cores.LOAD,
        "kernel": platform.release(),
        "data on": _file_system(Path(gettempdir())),
        "load average": round(os.getloadavg()[0], 2),
        "versions": {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}, **_programs()},
    }


def warnings() -> Iterator[str]:
    """What makes figures of this machine, now, hard to compare."""
    if not cores.apart():
        yield "there is one core only: the load takes from the server what it measures"
    if os.getloadavg()[0] > BUSY:
        yield f"the machine is busy, its load average is {os.getloadavg()[0]:.2f}: ratios of one run count, if anything"
    if _file_system(Path(gettempdir())) in ("tmpfs", "ramfs"):
        yield f"{gettempdir()} is memory: commits cost nothing there; set TMPDIR to a folder on a disk"


def _output(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _commit() -> str:
    changed = _output("git", "status", "--porcelain", "--untracked-files=no")
    return _output("git", "rev-parse", "--short", "HEAD") + (" with changes" if changed else "")


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def _programs() -> dict[str, str]:
    """Databases, brokers and peers that are installed."""
    postgres = postgres_binary("postgres")
    found = {
        "PostgreSQL": _output(postgres, "--version").rpartition(") ")[2] if postgres else "",
        "Redis": _output("redis-server", "--version").partition("v=")[2].partition(" ")[0],
        "ejabberd": _output("dpkg-query", "--show", "--showformat", "${Version}", "ejabberd"),
        "Prosody": _output("dpkg-query", "--show", "--showformat", "${Version}", "prosody"),
        "SQLite": _output(sys.executable, "-c", "import sqlite3; print(sqlite3.sqlite_version)"),
    }
    return {name: text for name, text in found.items() if text}


def _file_system(folder: Path) -> str:
    """The kind of file system that a folder is on."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    inside = [(place, kind) for place, kind in mounts if folder.resolve().is_relative_to(place)]
    return max(inside, key=lambda mount: len(mount[0]))[1] if inside else ""
