"""Connections of a thread: those that broke are forgotten, and those of a pool are given back."""

from django.db import close_old_connections, connections
from psycopg_pool import PoolTimeout


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
