"""Origins of pages and files, as people write them down: a scheme and a host, of which the first part may be `*`."""

import re

_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")


def is_origin(text: str) -> bool:
    """Whether it is one, of http or https and without a path, that may stand in a Content-Security-Policy."""
    return _ORIGIN.fullmatch(text) is not None
