"""Tables as texts, their cells parted by commas, semicolons or tabs."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from django.utils.translation import gettext as _

from robots.rows import MOST_AROUND, Row, Rows, Unreadable, check_place, tidy

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
PARTINGS = ",;\t"
SAID = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)
"""The line with which Excel is told what parts cells."""


def read(content: bytes, known: Callable[[Sequence[str]], int]) -> list[Row]:
    """The rows that have something in them; raises `Unreadable`.

    What parts the cells is what gives the most of the headings that are known.
    """
    text = _decoded(content)
    said = SAID.match(text)
    parting = said[1] if said else max(PARTINGS, key=lambda sign: _known_with(sign, text, known))
    rows = Rows()
    for number, cells in _records(text, parting):
        if cells:
            texts = {column: tidy(cell) for column, cell in enumerate(cells)}
            rows.add(Row(number, {column: cell for column, cell in texts.items() if cell}))
    return rows.all


def _known_with(parting: str, text: str, known: Callable[[Sequence[str]], int]) -> int:
    try:
        return max((known(cells) for _number, cells in islice(_records(text, parting), MOST_AROUND)), default=0)
    except Unreadable:
        return 0


def _records(text: str, parting: str) -> Iterator[tuple[int, list[str]]]:
    """The rows by their numbers, as Excel would count them: a line break within a cell begins none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parting, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                _(
                    "Row %(row)d: a quotation mark is missing here or further down, or there is one too many. "
                    "A quotation mark within a text that stands in quotation marks is written twice."
                )
                % {"row": number}
            ) from error
        check_place(number, len(cells) - 1)
        yield number, cells


def _decoded(content: bytes) -> str:
    """The text of a file: what its first bytes say, UTF-8, or what Excel writes in China."""
    marked = [encoding for mark, encoding in MARKS if content.startswith(mark)]
    for encoding in marked or ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(_("The file's encoding is neither UTF-8 nor GB 18030."))
