"""Looking for what begins with some text."""

from typing import Any

from django.db.models import Lookup

LAST_CHARACTER = "\U0010ffff"


class Begins(Lookup):
    """`name__begins="Us"`: as `startswith`, but answered from an index by every database; case matters.

    PostgreSQL needs the index to be made with `varchar_pattern_ops`. SQLite would read the whole table for `LIKE`, so
    there it is a range.
    """

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, parameters = self.process_lhs(compiler, connection)
        pattern = connection.ops.prep_for_like_query(self.rhs) + "%"
        return f"{left} LIKE %s", (*parameters, pattern)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"({left} >= %s AND {left} < %s)", (*parameters, self.rhs, *parameters, f"{self.rhs}{LAST_CHARACTER}")
