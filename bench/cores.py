"""Which core does what: one for everything on the server's side, another for the load."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_available = sorted(os.sched_getaffinity(0))
SERVER, LOAD = _available[0], _available[-1]


def apart() -> bool:
    """Whether there are two cores, so that the load does not take from the server what it measures."""
    return SERVER != LOAD


def become_the_load() -> None:
    """Run this process, with the threads that it starts from now on, on the core of the load."""
    os.sched_setaffinity(0, {LOAD})


@contextmanager
def for_the_server() -> Iterator[None]:
    """Programs that are started within it, and whatever they start, stay on the server's core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {SERVER})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def on_every_core() -> Iterator[None]:
    """For what is prepared and not measured."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, _available)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
