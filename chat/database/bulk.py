"""Writing many rows with one call, in the way in which each database does it fastest."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from django.db import connection


@dataclass(frozen=True)
class Insert:
    """`INSERT` of rows into `table`; `columns` maps their names to PostgreSQL's types, `conflict` is the rest of it."""

    table: str
    columns: dict[str, str]
    conflict: str = ""

    def run(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert the rows, each with its values in the order of the columns."""
        if not rows:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # One JSON text is parsed in C; psycopg writes arrays element by element in Python.
                records = [dict(zip(self.columns, row, strict=True)) for row in rows]
                cursor.execute(self._of_records, [msgspec.json.encode(records).decode()])
            else:
                cursor.executemany(self._of_rows, rows)

    @cached_property
    def _of_records(self) -> str:
        record = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        return f"{self._into} SELECT * FROM json_to_recordset(%s::json) AS record({record}) {self.conflict}"  # noqa: S608

    @cached_property
    def _of_rows(self) -> str:
        return f"{self._into} VALUES ({', '.join(['%s'] * len(self.columns))}) {self.conflict}"

    @property
    def _into(self) -> str:
        return f"INSERT INTO {self.table} ({', '.join(self.columns)})"
