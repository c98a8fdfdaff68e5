"""Whether the process lives, and whether it is of use: for load balancers and whoever restarts processes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import msgspec
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from accounts.refusals import Refusal
from chat.database.reading import read
from chat.delivery import layer
from chatproject.plain import Answer, Scope

PATIENCE = 3.0
"""Seconds after which what does not answer counts as missing."""

logger = logging.getLogger(__name__)


async def alive(scope: Scope) -> Answer:
    """200 whenever the event loop runs. Touches nothing."""
    return Answer(200, b'{"status":"alive"}')


async def ready(scope: Scope) -> Answer:
    """200 if everything that the server needs is there, else 503 with the names of what is missing."""
    found = await asyncio.gather(*(_passes(check) for check in CHECKS.values()))
    missing = [name for name, passes in zip(CHECKS, found, strict=True) if not passes]
    if missing:
        logger.warning("not ready: %s", ", ".join(missing))
        return Answer(503, msgspec.json.encode({"status": "not ready", "missing": missing}))
    return Answer(200, b'{"status":"ready"}')


async def _passes(check: Callable[[], Awaitable[bool]]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except (TimeoutError, Error, Refusal):
        return False


async def _database() -> bool:
    return await read(_answers)


def _answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


class Migrations:
    """Whether all migrations are applied. Once they are, that is not asked again."""

    def __init__(self) -> None:
        self._applied = False

    async def applied(self) -> bool:
        self._applied = self._applied or await read(self._none_left)
        return self._applied

    def _none_left(self) -> bool:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())


async def _redis() -> bool:
    return await layer().connected()


CHECKS: dict[str, Callable[[], Awaitable[bool]]] = {
    "database": _database,
    "migrations": Migrations().applied,
    "redis": _redis,
}
