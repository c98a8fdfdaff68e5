"""The state of a shop that its page shows, told in a hidden field of the page's form."""

import base64
import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple, Self

from django.forms import BaseFormSet, BaseModelForm

from robots.rows import tidy

NAME = "seen"
"""The name of the field."""
_NO_VALUES = ("id", "shop", "DELETE", NAME)
_UNKNOWN = -1


class Seen(NamedTuple):
    """What tells later whether a value has changed since: not the values, which would make the page twice as heavy."""

    version: int
    """The shop's."""
    newest: int
    """The id of its newest question."""
    marks: dict[str, str]
    """The mark of each setting by its name, and those of each row by the row's."""

    @property
    def knows_rows(self) -> bool:
        return self.newest != _UNKNOWN

    def mark_of(self, row: str, place: int = 0) -> str:
        """That of the row's value in this place; empty if nobody knows."""
        return self.marks.get(row, "")[place * 4 : place * 4 + 4]

    def packed(self) -> str:
        return ".".join([str(self.version), str(self.newest), *(f"{row}~{marks}" for row, marks in self.marks.items())])

    @classmethod
    def unpacked(cls, text: str) -> Self:
        """Of what a browser sends. Whoever makes it up fools nobody but themselves."""
        version, _, rest = text.partition(".")
        newest, _, marks = rest.partition(".")
        try:
            rows = dict(row.split("~") for row in marks.split(".") if row)
            return cls(int(version), min(int(newest or _UNKNOWN), 2**62), rows)
        except ValueError:
            return cls(_UNKNOWN, _UNKNOWN, {})

    @classmethod
    def of(cls, version: int, newest: int, form: "BaseModelForm[Any]", formsets: "Iterable[BaseFormSet[Any]]") -> Self:
        """What these forms show of the database."""
        marks = {name: mark(said(form.initial.get(name))) for name in form.fields if name not in _NO_VALUES}
        for formset in formsets:
            for row in formset.forms:
                if row.instance.pk:
                    values = (row.initial.get(name) for name in row.fields if name not in _NO_VALUES)
                    marks[row_name(str(formset.prefix), row.instance.pk)] = "".join(
                        mark(said(value)) for value in values
                    )
        return cls(version, newest, marks)


def row_name(prefix: str, key: Any) -> str:
    return f"{prefix}-{key}"


def said(value: Any) -> str:
    """A value as a form sends it, but for blanks around it and the ends of its lines."""
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else tidy(str(value))


def mark(text: str) -> str:
    """Four letters that are others for another text, but for one in sixteen million."""
    return base64.urlsafe_b64encode(hashlib.blake2b(text.encode(errors="replace"), digest_size=3).digest()).decode()
