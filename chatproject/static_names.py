"""Our own styles and scripts under addresses that change with them: browsers keep them, and never mix two versions.

Modules name each other by relative paths, so it is the folder that changes: `/static/<digest>/chat/main.js`, with the
digest of all files together. Each stands at `/static/chat/main.js` besides, for pages of others.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files import File

OWN = settings.BASE_DIR / "static"
DIGITS = 12
VERSIONED = re.compile(rf"[0-9a-f]{{{DIGITS}}}/")
"""How the name of a file begins that never changes."""


@cache
def own() -> frozenset[str]:
    """The names of our own files."""
    return frozenset(path.relative_to(OWN).as_posix() for path in OWN.rglob("*") if path.is_file())


@cache
def version() -> str:
    """The digest: the same in all processes that have the same files, on whichever machine."""
    digest = hashlib.sha256()
    for name in sorted(own()):
        content = (OWN / name).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:DIGITS]


class VersionedNames(StaticFilesStorage):
    """Django's storage, where `static()` gives our own files the address that changes with them.

    With DEBUG on it gives the plain one: there files change while the server runs.
    """

    def url(self, name: str | None) -> str:
        """Where browsers fetch the file."""
        versioned = not settings.DEBUG and name in own()
        return super().url(f"{version()}/{name}" if versioned else name)

    def post_process(self, paths: Mapping[str, Any], **options: Any) -> Iterator[tuple[str, str, bool]]:
        """Called by `collectstatic`: our files once more, in the folder of their version.

        Folders of earlier versions stay, for pages that were opened before.
        """
        if options.get("dry_run"):
            return
        for name in sorted(own() & paths.keys()):
            copy = f"{version()}/{name}"
            if not self.exists(copy):
                with (OWN / name).open("rb") as file:
                    self.save(copy, File(file))
                yield name, copy, True
