"""A shop's questions as files, CSV or Excel."""

import io
import re
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, override
from tablib import Dataset

from robots import separated, workbooks
from robots.rows import LARGEST_TABLE, MOST_AROUND, MOST_QUESTIONS, Row, Unreadable, letters, too_many

LARGEST_FILE = 4 * LARGEST_TABLE
"""Bytes of a table that is read: what the largest shop comes to, if its letters are of the longest."""

HEADINGS = {
    "number": gettext_noop("question number"),
    "question": gettext_noop("question"),
    "answer": gettext_noop("answer"),
    "phrasings": gettext_noop("other phrasings"),
    "keywords": gettext_noop("keywords"),
    "exclusions": gettext_noop("exclusions"),
    "enabled": gettext_noop("enabled"),
}
"""The columns, each with its heading. Files may call it by the heading in either language, or by its name here."""
ALSO = {"编号": "number", "标准问题": "question", "答案": "answer", "相似问法": "phrasings"}
"""What other shop systems call the columns."""
NEEDED = ("question", "answer")
WIDTHS = {"number": 10, "question": 32, "answer": 60, "phrasings": 32, "keywords": 20, "exclusions": 20, "enabled": 8}
"""Of columns in Excel, in digits."""

RUNS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""What a program for tables may take for a formula, behind as many apostrophes as keep it from that."""
UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML can't hold, and what would be taken for such a letter."""


class Fault(str):
    """A cell that can't be read; the text says why."""

    __slots__ = ()


class CommaSeparated:
    """Texts, parted in whichever way, out of which no program for tables makes formulas."""

    content_type = "text/csv"

    def read(self, content: bytes) -> Dataset:
        rows = separated.read(content, _known)
        return _dataset(rows, hint=_("In a CSV file a text with commas stands in quotation marks."))

    def written(self, dataset: Dataset) -> bytes:
        rows = ([f"'{cell}" if isinstance(cell, str) and RUNS.match(cell) else cell for cell in row] for row in dataset)
        text: str = Dataset(*rows, headers=dataset.headers).export("csv")
        # Excel takes a CSV without this mark for one in the system's old encoding.
        return text.encode("utf-8-sig")


class Excel:
    """Read within bounds, and as Excel shows it; written so that texts stay texts."""

    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def read(self, content: bytes) -> Dataset:
        return _dataset(workbooks.read(content))

    def written(self, dataset: Dataset) -> bytes:
        # Loaded only where a file is made: with what it loads itself it is a sixth of a server's start.
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Font
        from openpyxl.utils import get_column_letter

        book = Workbook(write_only=True)
        sheet = book.create_sheet(_("Questions"))
        sheet.freeze_panes = "A2"
        for place, (name, width) in enumerate(WIDTHS.items(), 1):
            column = sheet.column_dimensions[get_column_letter(place)]
            column.width = width
            if name not in ("number", "enabled"):
                # What people type below is kept as they type it: 007 is no 7, and 1-2 no day of January.
                column.number_format = "@"
        heads = [WriteOnlyCell(sheet, heading) for heading in dataset.headers]
        for head in heads:
            head.font = Font(bold=True)
        sheet.append(heads)
        wrapped = Alignment(vertical="top", wrap_text=True)
        for row in dataset:
            cells = []
            for content in row:
                cell = WriteOnlyCell(sheet)
                if isinstance(content, str):
                    kept = f"'{content}" if content.startswith("'") and RUNS.match(content) else content
                    cell.value = UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", kept)
                    cell.data_type, cell.number_format = "s", "@"  # whatever it begins with
                else:
                    cell.value = content
                cell.alignment = wrapped
                cells.append(cell)
            sheet.append(cells)
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()


FORMATS: dict[str, CommaSeparated | Excel] = {"csv": CommaSeparated(), "xlsx": Excel()}


def read(name: str, content: bytes) -> Dataset:
    """What a file says about questions, a column for the rows' numbers in it before the others.

    Raises `Unreadable`; cells that can't be read are `Fault`s.
    """
    kind = name.rpartition(".")[2].lower()
    if len(content) > LARGEST_FILE:
        raise Unreadable(_("The file is larger than %(most)d MB.") % {"most": LARGEST_FILE // 1_000_000})
    # What a file is it says itself; names are changed easily.
    if content.startswith((workbooks.OLD, workbooks.ZIPPED)) and kind in (*FORMATS, "xls"):
        kind = "xlsx"
    if kind not in FORMATS:
        raise Unreadable(_("Only CSV and Excel (.xlsx) files are read."))
    return FORMATS[kind].read(content)


def _dataset(rows: Sequence[Row], *, hint: str = "") -> Dataset:
    """The rows below the headings, before which a title may stand. `hint` is what a text beside them comes from."""
    head = max(rows[:MOST_AROUND], key=lambda row: _known(list(row.cells.values())), default=Row(1))
    columns = _named(head)
    places = {"number": -1, **{name: column for column, name in columns.items()}}  # whether there is one or not
    dataset = Dataset(headers=["row", *places])
    for row in rows:
        if row.number <= head.number:
            continue
        if beside := [column for column in row.cells if column not in columns]:
            said = _("“%(text)s” stands in column %(column)s, which has no heading.")
            told = said % {"text": row.cells[beside[0]][:20], "column": letters(beside[0])}
            near = max((column for column in columns if column < beside[0]), default=min(columns))
            row.faults.setdefault(near, f"{told} {hint}".strip())
            hint = ""  # once is enough
        dataset.append([row.number, *(_cell(row, column) for column in places.values())])
    if not len(dataset):
        raise Unreadable(_("The file has no rows below the headings."))
    if len(dataset) > MOST_QUESTIONS:
        raise too_many()
    return dataset


def _cell(row: Row, column: int) -> str:
    if column in row.faults:
        return Fault(row.faults[column])
    text = row.cells.get(column, "")
    return text[1:] if text.startswith("'") and RUNS.match(text) else text


def _names() -> dict[str, str]:
    """The columns' names here for what files may call them."""
    known = {**ALSO, **{name: name for name in HEADINGS}}
    for language in ("en", "zh-hans"):
        with override(language):
            known |= {_(heading).lower(): name for name, heading in HEADINGS.items()}
    return known


def _known(cells: Sequence[str]) -> int:
    """How many of these are headings."""
    return len({cell.strip().lower() for cell in cells} & _names().keys())


def _named(head: Row) -> dict[int, str]:
    """The columns' names here by their places; raises `Unreadable`."""
    known = _names()
    found = {column: known.get(text.strip().lower()) for column, text in sorted(head.cells.items())}
    unknown = [text[:20] for column, text in sorted(head.cells.items()) if found[column] is None]
    names = {column: name for column, name in found.items() if name is not None}
    missing = [_(HEADINGS[name]) for name in NEEDED if name not in names.values()]
    if unknown:
        said = ngettext("There is no such column: %(names)s.", "There are no such columns: %(names)s.", len(unknown))
        raise Unreadable(said % {"names": ", ".join(unknown[:9])})
    if missing:
        said = ngettext("This column is missing: %(names)s.", "These columns are missing: %(names)s.", len(missing))
        raise Unreadable(said % {"names": ", ".join(missing)})
    if len(set(names.values())) < len(names):
        raise Unreadable(_("A column stands there twice."))
    return names
