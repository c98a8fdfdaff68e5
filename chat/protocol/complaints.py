"""Which field the decoder complains about."""

import re

_MISSING = re.compile(r"Object missing required field `([^`]+)`")
_PLACE = re.compile(r" - at `\$\.?(.*)`$")


def field_of(complaint: str) -> str:
    """The dotted path of the field that is wrong or missing, from a message of msgspec's; empty for the whole."""
    place, missing = _PLACE.search(complaint), _MISSING.match(complaint)
    return ".".join(filter(None, (place and place[1], missing and missing[1])))
