"""The threads in which this process reads from the database, beside the one that writes (`chat.writer`)."""

import asyncio
import functools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connections
from psycopg_pool import PoolTimeout

from accounts.refusals import Reason, Refusal

READERS = 4

P = ParamSpec("P")
T = TypeVar("T")

_readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")


async def read(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function that reads in a database thread; `Refusal` with `storage_unavailable` if the database fails."""
    call = functools.partial(_reading, functools.partial(function, *args, **kwargs), time.monotonic())
    return await asyncio.get_running_loop().run_in_executor(_readers, call)


_exhausted_at = 0.0
"""When a connection was last waited for in vain."""


def _reading(call: Callable[[], T], asked_at: float) -> T:
    global _exhausted_at
    if asked_at < _exhausted_at:
        # It waited for a thread while others waited for a connection; the same wait is not asked of it once more.
        raise Refusal(Reason.STORAGE_UNAVAILABLE, retry_after=1)
    try:
        return call()
    except (OperationalError, InterfaceError) as error:
        drop_broken_connections()
        if exhausted(error):
            _exhausted_at = time.monotonic()
        raise Refusal(Reason.STORAGE_UNAVAILABLE, retry_after=1) from error
    finally:
        give_back_pooled_connections()


def exhausted(error: Exception) -> bool:
    """Whether no connection was free for `DATABASE_WAIT_SECONDS`."""
    return isinstance(error.__cause__, PoolTimeout)


def drop_broken_connections() -> bool:
    """After a database error: forget this thread's connections that are no longer usable. Whether there were any."""
    known = [connection for connection in connections.all(initialized_only=True) if connection.connection is not None]
    for connection in known:
        connection.errors_occurred = True
    close_old_connections()
    return any(connection.connection is None for connection in known)


def give_back_pooled_connections() -> None:
    """Let other threads have this thread's connections where they come from a pool; others stay open."""
    for connection in connections.all(initialized_only=True):
        if connection.settings_dict["CONN_MAX_AGE"] == 0:
            connection.close()
