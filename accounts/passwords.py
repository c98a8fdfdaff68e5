"""Hashing passwords with argon2id, away from the event loop, and remembering recent successes."""

import asyncio
import hashlib
import hmac
import logging
import secrets
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

from accounts.hashing import ALGORITHM, HashingProcess
from accounts.refusals import Reason, Refusal

logger = logging.getLogger(__name__)


class Argon2id(Argon2PasswordHasher):
    """argon2id with 19 MiB, two passes and one lane: the least that OWASP's password storage sheet recommends."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1


class RecentSuccesses:
    """Passwords that were right within the last minutes, as keyed digests, so that a reconnect costs no argon2.

    The digest covers the stored hash: once a password is changed, its old successes match nothing.
    """

    LIFETIME = 600.0
    SIZE = 50_000

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._until: OrderedDict[bytes, float] = OrderedDict()

    def _digest(self, password: str, encoded: str) -> bytes:
        text = f"{encoded}\0{password}".encode()
        return hmac.digest(self._key, text, hashlib.sha256)

    def has(self, password: str, encoded: str) -> bool:
        return self._until.get(self._digest(password, encoded), 0.0) > time.monotonic()

    def add(self, password: str, encoded: str) -> None:
        digest = self._digest(password, encoded)
        self._until[digest] = time.monotonic() + self.LIFETIME
        self._until.move_to_end(digest)
        if len(self._until) > self.SIZE:
            self._until.popitem(last=False)


class PasswordCheck:
    """Compares passwords with stored hashes, one at a time in a process of its own."""

    def __init__(self, hashing: HashingProcess | None = None) -> None:
        self._hashing = hashing or HashingProcess()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="argon2")
        self._recent = RecentSuccesses()
        self._waiting = 0
        self._nobody = make_password(secrets.token_urlsafe())

    @property
    def waiting(self) -> int:
        """Checks that wait or run."""
        return self._waiting

    async def matches(self, password: str, encoded: str | None) -> bool:
        """Whether the password is right. For an unknown account pass None: it takes as long as a wrong password.

        Raises `Refusal` with `server_busy` when `CHAT_PASSWORD_QUEUE` checks wait already.
        """
        if encoded is not None and self._recent.has(password, encoded):
            return True
        if settings.CHAT_PASSWORD_QUEUE and self._waiting >= settings.CHAT_PASSWORD_QUEUE:
            raise Refusal(Reason.SERVER_BUSY, retry_after=5)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            right = await loop.run_in_executor(self._thread, self._compare, password, encoded or self._nobody)
        finally:
            self._waiting -= 1
        if not right or encoded is None:
            return False
        self._recent.add(password, encoded)
        return True

    def _compare(self, password: str, encoded: str) -> bool:
        if encoded.startswith(ALGORITHM + "$"):
            try:
                return self._hashing.verify(password, encoded)
            except OSError:
                logger.exception("passwords are compared by the server itself")
        return check_password(password, encoded)
