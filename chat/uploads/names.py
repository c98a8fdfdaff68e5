"""What people call their files: made safe to be shown, and offered again where they are downloaded."""

import urllib.parse

from chat.models import Upload
from chat.uploads.naming import named

LONGEST = 100
FORBIDDEN = frozenset('/\\:*?"<>|')
"""What file systems don't take in a name."""
_RUNS = (
    "app apk bat cmd com cpl deb dll dmg exe gadget hta htm html inf jar js jse lnk mht mhtml mjs msi msp pif ps1 reg "
    "rpm scr sct sh shtml svg svgz url vb vbe vbs wsf wsh xht xhtml"
)
RUNS = frozenset(_RUNS.split())
"""Endings of what systems run, or browsers show as a page, once it is opened."""


def safe(name: str, ending: str) -> str:
    """The sender's name of a file, of 100 letters at most; "" if nothing is left of it.

    One that would be run when it is opened ends with `ending` besides, which says what the file is.
    """
    kept = "".join(char for char in name if char.isprintable() and char not in FORBIDDEN).strip(" .")
    if kept.rpartition(".")[2].casefold() in RUNS:
        kept = f"{kept}.{ending}"
    return kept[-LONGEST:].strip(" .")


def given(stored: str) -> str:
    """What the sender calls the file that is stored under this name; "" if nothing is known of it."""
    upload = Upload.objects.filter(token__in=named(stored)).only("name").first()
    return upload.name if upload else ""


def attachment(stored: str, given: str) -> str:
    """What has a file downloaded (RFC 6266): under its sender's name, or else the stored one."""
    quoted = f'attachment; filename="{stored}"'
    return f"{quoted}; filename*=UTF-8''{urllib.parse.quote(given, safe='')}" if given else quoted
