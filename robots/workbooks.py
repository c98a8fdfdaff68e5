"""Excel files, read without trust: what they unpack to is bounded, and nothing in them is run or fetched.

No more is read than the strings, the formats and the sheet that was open last.
"""

import io
import posixpath
import zipfile
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from robots.rows import Row, Unreadable
from robots.sheets import Attributes, Outline, Sheet, Strings, Styles

LARGEST_UNPACKED = 30_000_000
"""Bytes of what is read, once they are unpacked."""
MOST_TAGS = 600_000
"""Tags that are read. A shop's 2,000 questions take a quarter of them."""
LARGEST_TAG = 250_000
"""Bytes of one of them."""
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files begin of an Excel before 2007, and those with a password."""
LOCKED = "EncryptedPackage".encode("utf-16-le")
ZIPPED = b"PK\x03\x04"
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Ways of packing that Excel uses; others can't be unpacked a bounded piece at a time."""
ENCRYPTED = 1


class _Untrusted(Exception):
    """No Excel writes such a file."""


def read(content: bytes) -> list[Row]:
    """The rows that have something in them; raises `Unreadable`."""
    if content.startswith(OLD):
        raise _locked() if LOCKED in content else _old()
    try:
        return _Book(content).rows()
    except Unreadable:
        raise
    except Exception as error:  # made-up files break in many ways
        raise Unreadable(
            _("This is no Excel file, or it is damaged. Open it and save it as an Excel workbook (.xlsx), or as CSV.")
        ) from error


def _locked() -> Unreadable:
    return Unreadable(_("The file is protected with a password. Take the password away in Excel, and save it."))


def _old() -> Unreadable:
    return Unreadable(_("This is a file of an old Excel (.xls). Open it and save it as an Excel workbook (.xlsx)."))


def _too_large() -> Unreadable:
    return Unreadable(
        _(
            "The file is too large once it is unpacked. Delete other sheets, and rows and columns that are only "
            "formatted, or save it as CSV."
        )
    )


class _Book:
    def __init__(self, content: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        # Programs don't agree on capitals, nor on the slash.
        self._parts = {_name(info.filename): info for info in self._archive.infolist()}
        self._bytes, self._tags = LARGEST_UNPACKED, MOST_TAGS

    def rows(self) -> list[Row]:
        (book,) = self._related("", "officeDocument").values()
        outline, strings, styles = Outline(), Strings(), Styles()
        self._parse(book, outline.start)
        for part in self._related(book, "sharedStrings").values():
            self._parse(part, strings.start, strings.end, strings.text)
        for part in self._related(book, "styles").values():
            self._parse(part, styles.start)
        sheet = Sheet(strings.all, styles, since_1904=outline.since_1904)
        opened = outline.opened(self._related(book, "worksheet"))
        self._parse(opened, sheet.start, sheet.end, sheet.text)
        return sheet.finished()

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """The parts of that kind that belong to a part, by the names that it has for them."""
        folder, name = posixpath.split(part)
        found: dict[str, str] = {}

        def start(tag: str, attributes: Attributes) -> None:
            if tag == "Relationship" and attributes["Type"].endswith(f"/{kind}"):
                found[attributes["Id"]] = _name(posixpath.join("/", folder, attributes["Target"]))

        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations in self._parts:
            self._parse(relations, start)
        return found

    def _parse(
        self,
        name: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        part = self._parts[name]
        if part.flag_bits & ENCRYPTED:
            raise _locked()
        if part.compress_type not in READABLE:
            raise _Untrusted
        # No more is ever unpacked of a part than it says here, whatever stands in it.
        self._bytes -= part.file_size
        if self._bytes < 0:
            raise _too_large()

        def begin(tag: str, attributes: Attributes) -> None:
            self._tags -= 1
            if self._tags < 0:
                raise _too_large()
            start(tag.rpartition(" ")[2], attributes)

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = begin
        if end is not None:
            ended = end
            parser.EndElementHandler = lambda tag: ended(tag.rpartition(" ")[2])
        if text is not None:
            parser.CharacterDataHandler = text
        read = 0
        with self._archive.open(part) as file:
            while piece := file.read(LARGEST_TAG):
                parser.Parse(piece, False)
                read += len(piece)
                # A tag is taken when all of it is there, and begun anew with each piece until then.
                if read - parser.CurrentByteIndex > LARGEST_TAG:
                    raise _Untrusted
        parser.Parse(b"", True)


def _name(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/")).lstrip("/").lower()


def _refuse(*_declared: Any) -> None:
    """Entities are declared within document types, and Excel has neither."""
    raise _Untrusted
