"""Fields of requests, taken as strictly as the OpenAPI document says: nothing is turned into something else."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

FLAGS = {"true": True, "false": False}


class Text(serializers.CharField):
    """A string; numbers are none."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Whole(serializers.IntegerField):
    """A whole number of JSON; a string of digits is none."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNo(serializers.BooleanField):
    """`true` or `false` of JSON, and no word or number that could mean it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Flag(serializers.Field[bool, str, bool, Any]):
    """`true` or `false` in the query of an address."""

    default_error_messages: ClassVar = {"invalid": _("Either true or false.")}

    def to_internal_value(self, data: str) -> bool:
        if data not in FLAGS:
            self.fail("invalid")
        return FLAGS[data]

    def to_representation(self, value: bool) -> bool:
        return value
