"""A shop's questions as files, CSV or Excel."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from robots import separated, workbooks
from robots.models import Faq, Shop
from robots.rows import MOST_AROUND, MOST_QUESTIONS, Row, Unreadable, letters, too_many

LARGEST_FILE = 5_000_000
"""Bytes of a table that is read."""
FORMATS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

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


@dataclass(frozen=True, slots=True)
class Line:
    """A question as a row of a table has it."""

    number: int
    """Its row in the file, as programs for tables count."""
    texts: Mapping[str, str]
    """What stands in its columns, by their names here; empty where nothing does."""
    faults: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with some of them."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a file says about questions."""

    columns: Sequence[str]
    lines: Sequence[Line]


def headings() -> list[str]:
    """The columns' headings in the language that is active."""
    return [_(heading) for heading in HEADINGS.values()]


def written(shop: Shop, kind: str) -> bytes:
    """The shop's questions as a file of that format, in the order of the menu."""
    rows = ([_cell(faq, name) for name in HEADINGS] for faq in shop.faqs.all())
    return _as_workbook(rows) if kind == "xlsx" else _as_text(rows)


def _cell(faq: Faq, name: str) -> int | str:
    if name in ("number", "enabled"):
        return int(getattr(faq, name))
    return str(getattr(faq, name)).replace("\r\n", "\n")


def _as_text(rows: Iterator[list[int | str]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(headings())
    for row in rows:
        writer.writerow([f"'{cell}" if isinstance(cell, str) and RUNS.match(cell) else cell for cell in row])
    # Excel takes a CSV without this mark for one in the system's old encoding.
    return file.getvalue().encode("utf-8-sig")


def _as_workbook(rows: Iterator[list[int | str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Questions"))
    sheet.freeze_panes = "A2"
    for place, (name, width) in enumerate(WIDTHS.items(), 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width = width
        if name not in ("number", "enabled"):
            # What people type below is kept as they type it: 007 is no 7, and 1-2 no day of January.
            column.number_format = "@"
    heads = [WriteOnlyCell(sheet, heading) for heading in headings()]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    wrapped = Alignment(vertical="top", wrap_text=True)
    for row in rows:
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


def read(name: str, content: bytes) -> Table:
    """What a file says about questions; raises `Unreadable`."""
    kind = name.rpartition(".")[2].lower()
    if len(content) > LARGEST_FILE:
        raise Unreadable(_("The file is larger than %(most)d MB.") % {"most": LARGEST_FILE // 1_000_000})
    # What a file is it says itself; names are changed easily.
    if content.startswith((workbooks.OLD, workbooks.ZIPPED)) and kind in (*FORMATS, "xls"):
        kind = "xlsx"
    if kind not in FORMATS:
        raise Unreadable(_("Only CSV and Excel (.xlsx) files are read."))
    rows = workbooks.read(content) if kind == "xlsx" else separated.read(content, _known)
    return _table(rows, hint=_("In a CSV file a text with commas stands in quotation marks.") if kind == "csv" else "")


def _table(rows: Sequence[Row], *, hint: str) -> Table:
    """The lines below the headings, before which a title may stand."""
    head = max(rows[:MOST_AROUND], key=lambda row: _known(list(row.cells.values())), default=Row(1))
    columns = _named(head)
    lines = []
    for row in rows:
        if row.number <= head.number:
            continue
        for column, text in row.cells.items():
            if column not in columns:
                said = _("Row %(row)d: “%(text)s” stands in column %(column)s, which has no heading.")
                where = {"row": row.number, "text": text[:20], "column": letters(column)}
                raise Unreadable(f"{said % where} {hint}".strip())
        texts = {name: _unescaped(row.cells.get(column, "")) for column, name in columns.items()}
        faults = {columns[column]: fault for column, fault in row.faults.items() if column in columns}
        lines.append(Line(row.number, texts, faults))
    if len(lines) > MOST_QUESTIONS:
        raise too_many()
    return Table(list(columns.values()), lines)


def _unescaped(text: str) -> str:
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
