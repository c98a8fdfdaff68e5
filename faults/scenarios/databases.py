"""Databases in trouble: `postgres`, `pool`, `sqlite-locked`, `disk-full`."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from faults import stages
from faults.crowd import Crowd
from faults.journal import Journal
from faults.options import Options
from faults.report import Report
from tests.deployments import Deployment
from tests.services import Postgres, temporary_folder

POOL_PATIENCE = 14.0
"""Seconds without connections."""
DISK = 24
"""Megabytes of the small disk."""


def _postgres(deployment: Deployment) -> Postgres:
    return next(helper for helper in deployment.helpers if isinstance(helper, Postgres))


def _refusals(journal: Journal, report: Report, expected: str) -> int:
    """How many were refused for that reason; every refusal must say why, and that one must have occurred."""
    errors = [e for e in journal.entries if e.kind == "heard" and e.frame.get("code") == 2]
    internal = [e for e in errors if e.frame.get("reason") == "internal_error"]
    report.expect(not internal, f"{len(internal)} queries failed with internal_error, first {internal[:1]}")
    report.expect(not [e for e in errors if "reason" not in e.frame and "seq" in e.frame], "a refusal has no reason")
    found: int = sum(e.frame.get("reason") == expected for e in errors)
    report.expect(found > 0, f"nobody heard {expected}: the campaign shows nothing")
    return found


def postgres(options: Options, report: Report) -> None:
    """Backends are ended one by one, then the whole server goes and comes back."""
    with stages.grown_up() as deployment:
        server = _postgres(deployment)

        async def trouble(crowd: Crowd) -> None:
            for _ in range(options.times(5, 1)):
                for _ in range(3):
                    await asyncio.sleep(crowd.dice.uniform(0.5, 1.5))
                    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
                        connection.execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'chat'"
                        )
                await asyncio.sleep(crowd.dice.uniform(0.5, 1.0))
                server.program.signal(crowd.dice.choice((signal.SIGINT, signal.SIGQUIT)))
                await asyncio.to_thread(server.program.wait)
                await asyncio.sleep(crowd.dice.uniform(1.0, 3.0))
                await asyncio.to_thread(server.start_again)
            await asyncio.sleep(2)

        journal = asyncio.run(stages.play(deployment, options, trouble))
        refused = _refusals(journal, report, "storage_unavailable")
        report.judge("grown-up", stages.forgiving(journal), rounds=options.times(5, 1), refused=refused)


def pool(options: Options, report: Report) -> None:
    """Another program takes every connection that PostgreSQL has, longer than the pool waits for one."""
    with stages.grown_up() as deployment:
        server = _postgres(deployment)

        async def trouble(crowd: Crowd) -> None:
            for _ in range(options.times(3, 1)):
                await asyncio.sleep(2)
                taken = await asyncio.to_thread(_take_all, server.url("postgres"))
                await asyncio.sleep(POOL_PATIENCE)
                for connection in taken:
                    connection.close()
            await asyncio.sleep(3)

        journal = asyncio.run(stages.play(deployment, options, trouble))
        refused = _refusals(journal, report, "storage_unavailable")
        report.judge("grown-up", stages.forgiving(journal), rounds=options.times(3, 1), refused=refused)


def _take_all(url: str) -> "list[psycopg.Connection[tuple[object, ...]]]":
    """Every connection there is; those of the server are ended to get them."""
    taken = [psycopg.connect(url, autocommit=True)]
    while True:
        try:
            taken[0].execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'chat'")
            taken += [psycopg.connect(url, autocommit=True) for _ in range(10)]
        except psycopg.OperationalError:
            break
    with suppress(psycopg.OperationalError):
        while True:
            taken.append(psycopg.connect(url, autocommit=True))
    return taken


def sqlite_locked(options: Options, report: Report) -> None:
    """For longer than the server waits for the lock."""
    for kind in options.of(("daphne", "uvicorn"), ("uvicorn",)):
        with stages.embedded(kind) as deployment:
            file = deployment.folder / "chat.sqlite3"

            async def trouble(crowd: Crowd, file: Path = file) -> None:
                await asyncio.sleep(2)
                await asyncio.to_thread(_lock, file, options.of(30.0, 12.0))
                await asyncio.sleep(3)

            journal = asyncio.run(stages.play(deployment, options, trouble))
            refused = _refusals(journal, report, "storage_unavailable")
            report.judge(kind, journal, refused=refused)


def _lock(file: Path, seconds: float) -> None:
    """Hold the file as a program of its own that writes to it."""
    program = (
        "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30);"
        "c.execute('BEGIN IMMEDIATE'); time.sleep(float(sys.argv[2])); c.execute('COMMIT')"
    )
    subprocess.run([sys.executable, "-c", program, str(file), str(seconds)], check=True)


def disk_full(options: Options, report: Report) -> None:
    """A small disk, which another program fills and frees again."""
    if os.geteuid() != 0:
        report.expect(False, "a small disk can be mounted by root alone")
        return
    for kind in options.of(("daphne", "uvicorn"), ("uvicorn",)):
        with _small_disk() as folder, stages.embedded(kind, folder) as deployment:
            ballast = deployment.folder / "ballast"

            async def trouble(crowd: Crowd, ballast: Path = ballast) -> None:
                for _ in range(options.times(3, 1)):
                    await asyncio.sleep(2)
                    _fill(ballast)
                    await asyncio.sleep(4)
                    ballast.unlink()
                await asyncio.sleep(3)

            journal = asyncio.run(stages.play(deployment, options, trouble))
            refused = _refusals(journal, report, "storage_unavailable")
            report.judge(kind, journal, rounds=options.times(3, 1), refused=refused)


@contextmanager
def _small_disk() -> Iterator[Path]:
    """A folder that holds little."""
    folder = temporary_folder("disk")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", str(folder)], check=True)
    try:
        (folder / "var").mkdir()
        yield folder / "var"
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        size = shutil.disk_usage(ballast.parent).free
        while size > 0:
            try:
                file.write(bytes(min(size, 2**20)))
            except OSError:
                size //= 2
            else:
                size = min(size, shutil.disk_usage(ballast.parent).free)
