"""Without Redis there is one process: a second one on the same data would not hear what the first one's clients say."""

import fcntl
import multiprocessing
import os
import signal
import sys
from typing import IO

from django.conf import settings

_claims: list[IO[str]] = []
"""Open for as long as the process lives; the system gives the claim back however it ends."""


def claim() -> None:
    """Become the one process that serves from `VAR_DIR`, unless Redis joins several; exits with one line otherwise."""
    if settings.REDIS_URL or _claims:
        return
    file = (settings.VAR_DIR / "serving.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if multiprocessing.parent_process() is not None:
            # A server with several workers would start this one again and again.
            os.kill(os.getppid(), signal.SIGTERM)
        sys.exit(f"another process serves from {settings.VAR_DIR} already: several processes need REDIS_URL")
    _claims.append(file)
