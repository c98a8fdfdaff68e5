"""A video's cover: one of its first pictures where ffmpeg is installed, else a neutral one."""

import io
import logging
import shutil
import subprocess
from functools import cache
from threading import BoundedSemaphore

from chat.uploads.containers import Container
from chat.uploads.pictures import cover, neutral_cover

PATIENCE = 20.0
"""Seconds that ffmpeg may take for one picture."""
LARGEST_PICTURE = 32 * 1024**2

logger = logging.getLogger(__name__)
_at_once = BoundedSemaphore(2)


@cache
def ffmpeg() -> str | None:
    """Where ffmpeg is, if it is installed."""
    return shutil.which("ffmpeg")


def cover_of(path: str, container: Container) -> tuple[bytes, int, int]:
    """A JPEG for the video in the file at `path`, with width and height."""
    program = ffmpeg()
    if program is None:
        return neutral_cover()
    command = [program, "-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "file"]
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
    try:
        with _at_once:
            done = subprocess.run(  # noqa: S603  (our own arguments, and a path that we made)
                [*command, "-fs", str(LARGEST_PICTURE), "pipe:1"], capture_output=True, timeout=PATIENCE, check=True
            )
        return cover(io.BytesIO(done.stdout))
    except (subprocess.SubprocessError, OSError) as error:
        logger.info("no cover could be made of a video: %s", error)
        return neutral_cover()
