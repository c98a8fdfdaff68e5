"""A database that refuses some rows: a real way for a server to fail, whose error shows the row."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections


@contextmanager
def refused_rows(alias: str, table: str, column: str, content: str) -> Iterator[None]:
    """Rows of the table with this text in the column can't be stored meanwhile; all others can."""
    connection = connections[alias]
    name = f"refuse_{uuid.uuid4().hex}"
    if connection.vendor == "postgresql":
        begin = f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} NOT LIKE '%%{content}%%') NOT VALID"
        end = f"ALTER TABLE {table} DROP CONSTRAINT {name}"
    else:
        begin = (
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN new.{column} LIKE '%%{content}%%' "
            "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
        end = f"DROP TRIGGER {name}"
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(end)
