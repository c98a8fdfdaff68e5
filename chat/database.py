"""The threads in which this process reads from the database, beside the one that writes (`chat.writer`)."""

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connections

from accounts.refusals import Reason, Refusal

READERS = 4

P = ParamSpec("P")
T = TypeVar("T")

_readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")


async def read(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function that reads in a database thread; `Refusal` with `storage_unavailable` if the database fails."""
    call = functools.partial(_reading, functools.partial(function, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_readers, call)


def _reading(call: Callable[[], T]) -> T:
    try:
        return call()
    except (OperationalError, InterfaceError) as error:
        drop_broken_connections()
        raise Refusal(Reason.STORAGE_UNAVAILABLE, retry_after=1) from error
    finally:
        give_back_pooled_connections()


def drop_broken_connections() -> None:
    """After a database error: forget this thread's connections that are no longer usable."""
    for connection in connections.all(initialized_only=True):
        connection.errors_occurred = True
    close_old_connections()


def give_back_pooled_connections() -> None:
    """Let other threads have this thread's connections where they come from a pool; others stay open."""
    for connection in connections.all(initialized_only=True):
        if connection.settings_dict["CONN_MAX_AGE"] == 0:
            connection.close()
