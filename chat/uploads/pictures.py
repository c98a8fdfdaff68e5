"""Pictures and covers, as `developing` makes them in a process of its own: bounded in time and memory."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from subprocess import PIPE
from threading import BoundedSemaphore
from typing import IO

from django.conf import settings

from accounts.refusals import Reason, Refusal
from chat.uploads import developing
from chat.uploads.asking import Asker
from chat.uploads.refused import UploadRefused, Why

PATIENCE = 45.0
"""Seconds that a picture may wait for its turn, and then take; the core is others' first."""
CPU_SECONDS = 30
MEMORY, MEMORY_OF_PIXEL = 512 * 1024**2, 12
"""Bytes of memory that a picture may take, beside those for each pixel that it may have."""
WRITTEN = 128 * 1024**2
"""Bytes that what comes out may have."""
REFUSED = {
    developing.BROKEN: Why.BROKEN,
    developing.NOT_OF_KIND: Why.NOT_OF_KIND,
    developing.TOO_LARGE: Why.TOO_MANY_PIXELS,
}

_at_once = BoundedSemaphore(2)
"""A picture of 50 million pixels takes 200 MB while it is decoded."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept; width and height are those of the whole picture, in pixels."""

    file: IO[bytes]
    ending: str
    width: int
    height: int
    preview: IO[bytes]
    """A JPEG."""


@contextmanager
def picture(file: IO[bytes], asker: Asker) -> Iterator[Picture]:
    """The picture in the file, written anew into files that last as long as this. Raises `UploadRefused`."""
    with ExitStack() as stack:
        out, small = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(2))
        ending, width, height = _developed("picture", file, asker, out, small)
        yield Picture(out, ending, width, height, small)


@contextmanager
def cover(file: IO[bytes], asker: Asker) -> Iterator[tuple[IO[bytes], int, int]]:
    """A JPEG of the JPEG in the file, or a neutral one if it holds none, with width and height."""
    with tempfile.TemporaryFile() as out:
        _, width, height = _developed(developing.COVER, file, asker, out)
        yield out, width, height


def _developed(wanted: str, file: IO[bytes], asker: Asker, *outs: IO[bytes]) -> tuple[str, int, int]:
    most = settings.UPLOAD_IMAGE_PIXELS
    memory = MEMORY + MEMORY_OF_PIXEL * most if most else -1
    places = [out.fileno() for out in outs]
    bounds = (most, memory, CPU_SECONDS, WRITTEN, *places)
    # No path but the installation's.
    command = [sys.executable, "-P", developing.__file__, wanted, *map(str, bounds)]
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    if not _at_once.acquire(timeout=PATIENCE):
        raise Refusal(Reason.SERVER_BUSY, retry_after=10)
    try:
        said = asker.run(command, PATIENCE, file, PIPE, places)
    finally:
        _at_once.release()
    if said is None:
        # It took longer, or more memory, than any picture that people take or draw.
        raise UploadRefused(Why.TOO_MANY_PIXELS)
    told = json.loads(said)
    if isinstance(told, str):
        raise UploadRefused(REFUSED[told])
    for out in outs:
        out.seek(0)
    ending, width, height = told
    return ending, width, height
