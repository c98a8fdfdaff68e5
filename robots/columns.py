"""How cells of a table become what a question holds, and the other way round."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from import_export import fields, widgets

from robots.rows import tidy

LARGEST_NUMBER = 2**31 - 1
YES = ("1", "true", "yes", "y", "on", "是", "启用", "✓", "√")
NO = ("0", "false", "no", "n", "off", "否", "停用", "×")
NUMBER = re.compile(r"([0-9]{1,10})(?:\.0*)?")


class Number(widgets.IntegerWidget):
    """A question number, none where the cell is empty."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        said = str(value).replace(",", "")
        found = NUMBER.fullmatch(said)
        if said and (found is None or not 0 < int(found[1]) <= LARGEST_NUMBER):
            raise ValueError(_("%(text)s is no question number.") % {"text": said[:20]})
        return int(found[1]) if found else None


class YesOrNo(widgets.Widget):
    """None where the cell says nothing."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> bool | None:
        said = value.lower()
        if said and said not in YES + NO:
            raise ValueError(_("Say 1 or 0."))
        return said in YES if said else None

    def render(self, value: bool | None, obj: Any = None, **kwargs: Any) -> int:
        return int(value or False)


class Text(fields.Field):
    """A text that is no other one if it differs in the ends of lines, or in blanks around it."""

    def clean(self, row: Mapping[str, str], **kwargs: Any) -> str:
        return tidy(row[self.column_name])

    def save(self, instance: Any, row: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        if self.clean(row) != tidy(self.get_value(instance)):
            super().save(instance, row, *args, **kwargs)

    def export(self, instance: Any, **kwargs: Any) -> str:
        return str(super().export(instance, **kwargs)).replace("\r\n", "\n")
