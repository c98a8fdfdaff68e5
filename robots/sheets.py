"""What the parts of an Excel file say, tag by tag as they are read."""

import re
from bisect import bisect_left, bisect_right

from django.utils.translation import gettext as _

from robots.formats import CHINESE, shown
from robots.rows import Row, Rows, check_place, tidy

MOST_MERGED = 10_000
"""Merged areas that are looked at."""
PICTURE = ("=DISPIMG(", "=_xlfn.DISPIMG(")
"""What stands for a picture in a cell that a Chinese office program has put there."""
ESCAPED = re.compile(r"_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")
"""A letter that XML can't hold, or would change."""
AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
Attributes = dict[str, str]


class Outline:
    """The workbook: its sheets, and which one was open last."""

    def __init__(self) -> None:
        self.since_1904 = False
        self._open = 0
        self._sheets: list[tuple[str, bool]] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "workbookPr":
            self.since_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif tag == "workbookView":
            self._open = int(attributes.get("activeTab", "0"))
        elif tag == "sheet":
            name = next(value for key, value in attributes.items() if key.endswith(" id"))
            self._sheets.append((name, attributes.get("state", "visible") == "visible"))

    def opened(self, sheets: dict[str, str]) -> str:
        """The part with the sheet that was open, or with the first one where that is none with cells."""
        names = [name for name, _visible in self._sheets[self._open : self._open + 1]]
        names += [name for name, visible in self._sheets if visible]
        return next(sheets[name] for name in names if name in sheets)


class Styles:
    """How the numbers of cells are written, by the number of their style."""

    def __init__(self) -> None:
        from openpyxl.styles.numbers import BUILTIN_FORMATS  # loaded only where a file is read, as in tables.py

        self._codes: dict[int, str] = {**BUILTIN_FORMATS, **CHINESE}
        self._used: list[int] = []
        self._within = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "numFmt":
            self._codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif tag == "xf" and self._within:
            self._used.append(int(attributes.get("numFmtId", "0")))
        elif tag in ("cellXfs", "cellStyles", "dxfs"):
            self._within = tag == "cellXfs"

    def code(self, style: int) -> str:
        number = self._used[style] if style < len(self._used) else 0
        return self._codes.get(number, "General")


class _Texts:
    """Collects the letters of a text, without those that say how it sounds."""

    def __init__(self) -> None:
        self._heard: list[str] = []
        self._inside = False
        self._aside = False

    def text(self, letters: str) -> None:
        if self._inside and not self._aside:
            self._heard.append(letters)

    def _said(self) -> str:
        said = "".join(self._heard)
        self._heard.clear()
        return said


class Strings(_Texts):
    """The texts that cells refer to by their numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[str] = []

    def start(self, tag: str, _attributes: Attributes) -> None:
        if tag == "t":
            self._inside = True
        elif tag == "rPh":
            self._aside = True

    def end(self, tag: str) -> None:
        if tag == "t":
            self._inside = False
        elif tag == "rPh":
            self._aside = False
        elif tag == "si":
            self.all.append(plain(self._said()))


class Sheet(_Texts):
    """Cells. Those that are only formatted cost nothing."""

    def __init__(self, strings: list[str], styles: Styles, *, since_1904: bool) -> None:
        super().__init__()
        self._strings, self._styles, self._since_1904 = strings, styles, since_1904
        self._rows = Rows()
        self._row = Row(0)
        self._column = -1
        self._kind, self._style = "n", 0
        self._formula = self._valued = False
        self._merged: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            place = attributes.get("r", "").rstrip("0123456789")
            self._column = _column(place) if place else self._column + 1
            check_place(self._row.number, self._column)
            self._kind, self._style = attributes.get("t", "n"), int(attributes.get("s", "0"))
            self._formula = self._valued = False
        elif tag == "v":
            self._inside = self._valued = True
        elif tag == "t":
            self._inside = True
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._row, self._column = Row(int(attributes.get("r", self._row.number + 1))), -1
            check_place(self._row.number, 0)
        elif tag == "rPh":
            self._aside = True
        elif tag == "mergeCell" and len(self._merged) < MOST_MERGED:
            self._merged.append(attributes.get("ref", ""))

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self._inside = False
        elif tag == "rPh":
            self._aside = False
        elif tag == "c":
            self._cell(self._said())
        elif tag == "row":
            self._rows.add(self._row)

    def finished(self) -> list[Row]:
        """The rows that have something in them. What stands in merged cells stands in each of their rows."""
        rows = sorted(self._rows.all, key=lambda row: row.number)
        numbers = [row.number for row in rows]
        for area in self._merged:
            found = AREA.fullmatch(area)
            if found is None:
                continue
            column, first, last = _column(found[1]), int(found[2]), int(found[4])
            within = rows[bisect_left(numbers, first) : bisect_right(numbers, last)]
            if not within or within[0].number != first or column not in within[0].cells:
                continue
            for row in within[1:]:
                if column not in row.cells:
                    row.cells[column] = within[0].cells[column]
                    self._rows.count(row.cells[column])
        return rows

    def _cell(self, raw: str) -> None:
        text, fault = "", ""
        if self._kind == "e":
            fault = _("Excel shows %(error)s here.") % {"error": raw[:20]}
        elif self._formula and not self._valued:
            fault = _("A formula stands here without its result: open the file in Excel and save it.")
        elif self._kind == "s":
            text = self._strings[int(raw)] if raw else ""
        elif self._kind == "b":
            text = "TRUE" if raw == "1" else "FALSE"
        elif self._kind == "n" and raw:
            text = shown(raw, self._styles.code(self._style), since_1904=self._since_1904).strip()
        else:
            text = plain(raw)
        if text.startswith(PICTURE):
            fault, text = _("A picture stands here, and only text is taken."), ""
        if fault:
            self._row.faults[self._column] = fault
        elif text:
            self._row.cells[self._column] = text


def plain(text: str) -> str:
    """A text of the file as people see it."""
    return tidy(ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))


def _column(name: str) -> int:
    number = 0
    for letter in name[:4]:
        number = number * 26 + ord(letter) - ord("A") + 1
    if not (name.isascii() and name.isupper()):
        raise ValueError(name)
    return number - 1
