"""Rows of figures as a table: for the terminal and, being Markdown, for the document."""

import unicodedata
from collections.abc import Sequence

Cell = str | int | float | bool | None
Row = dict[str, Cell]
"""Cells by the titles of their columns."""


def lines(rows: Sequence[Row]) -> list[str]:
    """The rows under the titles of all their columns, in the order in which these first appear."""
    titles = list(dict.fromkeys(title for row in rows for title in row))
    cells = [titles, *([shown(row.get(title)) for title in titles] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    numeric = [all(not isinstance(row.get(title), str) for row in rows) for title in titles]
    rule = ["-" * (width - 1) + ":" if right else "-" * width for width, right in zip(widths, numeric, strict=True)]
    return [
        "| " + " | ".join(_padded(*cell) for cell in zip(line, widths, numeric, strict=True)) + " |"
        for line in (cells[0], rule, *cells[1:])
    ]


def shown(cell: Cell) -> str:
    """A cell as people read it."""
    if cell is None:
        return "–"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return f"{cell:,.0f}" if abs(cell) >= 1000 else f"{cell:g}"
    return cell


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
