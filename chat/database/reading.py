"""The threads in which this process reads from the database, beside the one that writes (`chat.writer`)."""

import asyncio
import functools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError

from accounts.refusals import Reason, Refusal
from chat.database.connections import drop_broken_connections, exhausted, give_back_pooled_connections

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
