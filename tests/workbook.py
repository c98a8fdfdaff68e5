"""Excel files as tests need them: sound ones, and such as no Excel would write."""

import io
import zipfile
from typing import Any

from openpyxl import Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def workbook(*rows: list[Any]) -> bytes:
    """A sound file with these rows, from the first on."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def cells(*texts: str) -> str:
    """XML of the cells of a row."""
    return "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' for text in texts)


HEADINGS = f"<row>{cells('question', 'answer')}</row>"


def made(
    rows: str,
    *,
    headings: str = HEADINGS,
    strings: str = "",
    styles: str = "",
    behind: str = "",
    before: str = "",
    packing: int = zipfile.ZIP_DEFLATED,
    part: str = "xl/worksheets/sheet1.xml",
) -> bytes:
    """A file whose sheet has these rows, as XML; `behind` stands behind them, and `before` before all of it."""

    def relations(*targets: tuple[str, str]) -> str:
        inner = "".join(
            f'<Relationship Id="r{place}" Type="{OFFICE}/{kind}" Target="{target}"/>'
            for place, (kind, target) in enumerate(targets)
        )
        return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'

    parts = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="r0"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
        part: f'{before}<worksheet xmlns="{MAIN}"><sheetData>{headings}{rows}</sheetData>{behind}</worksheet>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()
