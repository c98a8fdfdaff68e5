"""A shop's questions as files, CSV or Excel."""

from collections.abc import Iterator, Sequence
from typing import Any

import tablib
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, override
from import_export.formats.base_formats import CSV, XLSX

from robots.models import Shop

MOST_QUESTIONS = 2000
"""Questions that a shop can hold."""
LARGEST_FILE = 1_500_000
"""Bytes of a table that is read."""
FORMATS = {"csv": CSV, "xlsx": XLSX}

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


class Unreadable(ValueError):
    """The file is no table of questions; the text says why, for the person who chose it."""


def headings() -> list[str]:
    """The columns' headings in the language that is active."""
    return [_(heading) for heading in HEADINGS.values()]


def written(shop: Shop, kind: str) -> bytes:
    """The shop's questions as a file of that format, in the order of the menu."""
    table = tablib.Dataset(headers=headings())
    for faq in shop.faqs.all():
        table.append([getattr(faq, name) if name != "enabled" else int(faq.enabled) for name in HEADINGS])
    data: str | bytes = FORMATS[kind]().export_data(table)
    # Excel takes a CSV without this mark for one in the system's old encoding.
    return data if isinstance(data, bytes) else data.encode("utf-8-sig")


def read(name: str, content: bytes) -> tablib.Dataset:
    """The table in a file, its columns by their names here; raises `Unreadable`."""
    kind = name.rpartition(".")[2].lower()
    if kind not in FORMATS:
        raise Unreadable(_("Only CSV and Excel (.xlsx) files are read."))
    if len(content) > LARGEST_FILE:
        raise Unreadable(_("The file is larger than 1.5 MB."))
    try:
        table = XLSX().create_dataset(content) if kind == "xlsx" else CSV().create_dataset(_decoded(content))
    except Unreadable:
        raise
    except Exception as error:  # parsers of foreign files raise whatever they like
        raise Unreadable(_("The file can't be read as a table.")) from error
    rows = [["" if cell is None else cell for cell in row] for row in table]
    table = tablib.Dataset(*rows, headers=list(_named(table.headers or [])))
    if len(table) > MOST_QUESTIONS:
        raise Unreadable(_("A shop can hold %(most)d questions.") % {"most": MOST_QUESTIONS})
    return table


def _decoded(content: bytes) -> str:
    """The text of a CSV file: UTF-8, or what Excel writes in China."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The file's encoding is neither UTF-8 nor GB 18030."))


def _named(headers: Sequence[Any]) -> Iterator[str]:
    """The columns' names for their headings."""
    known = {**ALSO, **{name: name for name in HEADINGS}}
    for language in ("en", "zh-hans"):
        with override(language):
            known |= {_(heading).lower(): name for name, heading in HEADINGS.items()}
    found = [known.get(str(header or "").strip().lower()) for header in headers]
    unknown = [str(header) for header, name in zip(headers, found, strict=True) if name is None and header]
    missing = [_(HEADINGS[name]) for name in NEEDED if name not in found]
    if unknown:
        said = ngettext("There is no such column: %(names)s.", "There are no such columns: %(names)s.", len(unknown))
        raise Unreadable(said % {"names": ", ".join(unknown)})
    if missing:
        said = ngettext("This column is missing: %(names)s.", "These columns are missing: %(names)s.", len(missing))
        raise Unreadable(said % {"names": ", ".join(missing)})
    if len(set(found)) < len(found):
        raise Unreadable(_("A column stands there twice."))
    yield from (name for name in found if name is not None)
