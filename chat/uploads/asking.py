"""Whoever uploads, as the threads that work for them see it: programs that look at the file end when they go away."""

import os
import signal
import subprocess
from collections.abc import Collection
from contextlib import suppress
from threading import Lock
from typing import IO

from accounts.refusals import Reason, Refusal

Stream = IO[bytes] | int
Places = Collection[int]

ASKER = "chat.asker"
"""Under which key of its scope a request has its `Asker`."""


class Asker:
    """Somebody who waits for an answer, until they are gone. May be used in any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._is_gone = False

    def leave(self) -> None:
        """They are gone: what works for them ends."""
        with self._lock:
            self._is_gone = True
            if self._running is not None:
                _end(self._running)

    def stay(self) -> None:
        """Raise a `Refusal`, which nobody will hear, if they are gone."""
        if self._is_gone:
            raise Refusal(Reason.SERVER_BUSY)

    def run(self, command: list[str], seconds: float, file: Stream, out: Stream, places: Places = ()) -> bytes | None:
        """What the program says, if `out` is a pipe; None if it failed, or was ended because it took so long.

        It reads the file, and may write into those at `places`.

        Raises a `Refusal` if whoever asks goes away meanwhile, and if no program can be started.
        """
        with self._lock:
            self.stay()
            try:
                self._running = process = subprocess.Popen(  # noqa: S603  (our own arguments)
                    command,
                    stdin=file,
                    stdout=out,
                    stderr=subprocess.DEVNULL,
                    pass_fds=tuple(places),
                    start_new_session=True,
                )
            except OSError as error:
                raise Refusal(Reason.SERVER_BUSY, retry_after=1) from error
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            said = b""
        finally:
            with self._lock:
                self._running = None
                _end(process)
            process.communicate()
        self.stay()
        return (said or b"") if process.returncode == 0 else None


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the program and whatever it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
