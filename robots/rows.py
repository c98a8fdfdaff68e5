"""The rows of a table as its file has them, before anybody asks what they mean."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

MOST_QUESTIONS = 2000
"""Questions that a shop can hold."""
MOST_AROUND = 10
"""Rows that may stand there besides: the headings, and a title above them."""
MOST_CELLS = 10 * MOST_QUESTIONS
"""Cells with something in them, of which a question has seven."""
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""What Excel has."""
LARGEST_TEXT = 3_000_000
"""Letters of a shop's questions together: they are kept in memory, and go through a page."""
LARGEST_TABLE = LARGEST_TEXT + 100 * MOST_QUESTIONS
"""Letters of a table, in which stand numbers besides, headings, and apostrophes before what looks like formulas."""
LINE_ENDS = re.compile(r"\r\n?")


class Unreadable(ValueError):
    """The file is no table of questions; the text says why, for the person who chose it."""


@dataclass(slots=True)
class Row:
    """A row with something in it."""

    number: int
    """As programs for tables count, from 1."""
    cells: dict[int, str] = field(default_factory=dict)
    """What stands in it by the column, from 0; empty cells are left out."""
    faults: dict[int, str] = field(default_factory=dict)
    """What is wrong with cells that have no text of their own."""


class Rows:
    """Rows as they are read, and no more of them than can be of use."""

    def __init__(self) -> None:
        self.all: list[Row] = []
        self._cells = self._letters = 0

    def add(self, row: Row) -> None:
        if row.cells or row.faults:
            self.all.append(row)
        if len(self.all) > MOST_QUESTIONS + MOST_AROUND:
            raise too_many()
        for text in row.cells.values():
            self.count(text)

    def count(self, text: str) -> None:
        """This text stands in one more cell."""
        self._cells += 1
        self._letters += len(text)
        if self._cells > MOST_CELLS:
            raise Unreadable(_("The table has more than %(most)d filled cells.") % {"most": MOST_CELLS})
        if self._letters > LARGEST_TABLE:
            raise Unreadable(_("The table has more than %(most)d letters.") % {"most": LARGEST_TEXT})


def too_many() -> Unreadable:
    return Unreadable(_("A shop can hold %(most)d questions.") % {"most": MOST_QUESTIONS})


def check_place(row: int, column: int) -> None:
    """Refuse what no program for tables could have written."""
    if row > MOST_ROWS:
        raise Unreadable(_("The table has more rows than Excel."))
    if column >= MOST_COLUMNS:
        raise Unreadable(_("The table has more columns than Excel."))


def letters(column: int) -> str:
    """What programs for tables call a column: A, B … Z, AA …"""
    name = ""
    while column >= 0:
        name = chr(ord("A") + column % 26) + name
        column = column // 26 - 1
    return name


def tidy(text: str) -> str:
    """A text without blanks around it, its lines ended in one way."""
    return LINE_ENDS.sub("\n", text).strip()
