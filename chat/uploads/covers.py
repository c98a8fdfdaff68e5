"""A video's cover: one of its first pictures where ffmpeg is installed, else a neutral one."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from subprocess import DEVNULL
from threading import BoundedSemaphore
from typing import IO

from accounts.refusals import Reason, Refusal
from chat.uploads.asking import Asker
from chat.uploads.containers import Container
from chat.uploads.pictures import cover

PATIENCE = 20.0
"""Seconds that ffmpeg may take for one picture."""
BOUNDS = "ulimit -c 0; ulimit -t 15; ulimit -f 65536; ulimit -v 1500000; exec nice -n 5 " + '"$@"'
"""Said in a shell that becomes ffmpeg: seconds of a core, blocks that it may write, and kB of memory."""
MOST_PIXELS = 50_000_000

logger = logging.getLogger(__name__)
_at_once = BoundedSemaphore(2)


@cache
def ffmpeg() -> str | None:
    """Where ffmpeg is, if it is installed."""
    return shutil.which("ffmpeg")


@contextmanager
def cover_of(path: str, container: Container, asker: Asker) -> Iterator[tuple[IO[bytes], int, int]]:
    """A JPEG for the video in the file at `path`, with width and height."""
    with tempfile.TemporaryFile() as found:
        if program := ffmpeg():
            _first_picture(program, path, container, asker, found)
        with cover(found, asker) as made:
            yield made


def _first_picture(program: str, path: str, container: Container, asker: Asker, found: IO[bytes]) -> None:
    command = ["/bin/sh", "-c", BOUNDS, "sh", program]
    command += [
        "-nostdin",
        "-v",
        "quiet",
        "-threads",
        "1",
        "-protocol_whitelist",
        "file",
        "-max_pixels",
        str(MOST_PIXELS),
    ]
    # The container is known: ffmpeg must not take the file for a list of other files or addresses.
    command += ["-f", container.demuxer.partition(",")[0], "-i", f"file:{path}"]
    command += [
        "-map",
        "0:v:0",
        "-frames:v",
        "1",
        "-vf",
        "scale='min(1280,iw)':-2",
        "-f",
        "image2pipe",
        "-c:v",
        "mjpeg",
    ]
    if not _at_once.acquire(timeout=PATIENCE):
        raise Refusal(Reason.SERVER_BUSY, retry_after=10)
    try:
        done = asker.run([*command, "pipe:1"], PATIENCE, DEVNULL, found)
    finally:
        _at_once.release()
    if done is None:
        logger.info("ffmpeg made no cover of a video")
        found.truncate(0)
