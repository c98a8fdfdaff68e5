"""Account names as they come over HTTP."""

import unicodedata
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from accounts.api.fields import Text
from accounts.lifecycle import is_of_erased, is_reserved

LONGEST = 64
NAME_SCHEMA = {"type": "string", "minLength": 1, "maxLength": LONGEST}
"""A name as a query's parameter, for the OpenAPI document."""
NOT_IN_PATHS = "/"


class AccountName(Text):
    """The name of an account. A new one must fit into the path of an address, and is not one of our own."""

    default_error_messages: ClassVar = {
        "reserved": _("This name is reserved for the app's notifications."),
        "erased": _("Erased accounts are called so."),
        "characters": _("A name holds no slash and no control characters, and is neither . nor .."),
    }

    def __init__(self, *, new: bool = False, **options: Any) -> None:
        super().__init__(max_length=LONGEST, trim_whitespace=False, **options)
        self._new = new

    def to_internal_value(self, data: Any) -> str:
        name: str = super().to_internal_value(data)
        if self._new and is_reserved(name):
            self.fail("reserved")
        if self._new and is_of_erased(name):
            self.fail("erased")
        if self._new and (name in (".", "..") or NOT_IN_PATHS in name or any(map(_is_control, name))):
            self.fail("characters")
        return name


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs")
