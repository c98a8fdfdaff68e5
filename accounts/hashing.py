"""A process that compares passwords with argon2id, behind everybody else who wants its core.

A thread of the server would not do: the kernel shares a core out between sessions first, and what writes to the disk
for the server would wait for the end of its session's slice, though nothing but hashing is left in it. This file is
that process as well, and imports nothing of Django.
"""

import json
import logging
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from argon2 import Type
from argon2.exceptions import Argon2Error
from argon2.low_level import verify_secret

logger = logging.getLogger(__name__)

ALGORITHM = "argon2"
"""What Django writes before the hashes that are compared here."""


class HashingProcess:
    """Starts with the first comparison and ends with the process that asks. One thread may ask at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def verify(self, password: str, encoded: str) -> bool:
        """Whether this is the password of an argon2 hash of Django's. Raises `OSError` if no process can be started."""
        question = json.dumps([password, encoded]) + "\n"
        while True:
            is_new, process = self._process is None, self._process or self._start()
            assert process.stdin is not None
            assert process.stdout is not None
            with suppress(BrokenPipeError):
                process.stdin.write(question)
                process.stdin.flush()
            answer = process.stdout.readline()
            if answer:
                return answer == "1\n"
            self.close()
            if is_new:
                raise OSError("the process that compares passwords ends at once")
            logger.warning("the process that compares passwords was gone, and is started anew")

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(BrokenPipeError):
                process.communicate()

    def _start(self) -> "subprocess.Popen[str]":
        # A session of its own, which the kernel weighs by itself; no path but the installation's.
        self._process = subprocess.Popen(  # noqa: S603  (our own file)
            [sys.executable, "-P", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return self._process


def _step_back() -> None:
    """Run only while nobody else wants the core: those who are signed in come first."""
    with suppress(OSError):
        os.nice(19)
        Path("/proc/self/autogroup").write_text("19")


def _is_right(password: str, encoded: str) -> bool:
    try:
        return bool(verify_secret(encoded.removeprefix(ALGORITHM).encode(), password.encode(), Type.ID))
    except (Argon2Error, UnicodeEncodeError):
        return False


def main() -> None:
    """Answer a line for each line, until whoever asks is gone."""
    _step_back()
    for line in sys.stdin:
        password, encoded = json.loads(line)
        sys.stdout.write(f"{_is_right(password, encoded):d}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
