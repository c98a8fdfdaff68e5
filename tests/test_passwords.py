"""Checking passwords: the same work for whoever does not exist as for a wrong password, behind all other work."""

import os
import signal
from pathlib import Path
from unittest import TestCase

from django.contrib.auth.hashers import make_password
from django.test import SimpleTestCase

from accounts.hashing import HashingProcess
from accounts.passwords import PasswordCheck


class Counting(HashingProcess):
    """Keeps account of what it was asked to do."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def verify(self, password: str, encoded: str) -> bool:
        # All but salt and digest: the algorithm and what its work depends on.
        self.done.append("$".join(encoded.split("$")[:-2]))
        return super().verify(password, encoded)


class TheWorkOfACheck(SimpleTestCase):
    def setUp(self) -> None:
        self.hashing = Counting()
        self.addCleanup(self.hashing.close)
        self.passwords = PasswordCheck(self.hashing)
        self.encoded = make_password("right")

    async def work(self, password: str, encoded: str | None) -> list[str]:
        """What argon2 was asked to do for one attempt that fails."""
        self.hashing.done.clear()
        self.assertFalse(await self.passwords.matches(password, encoded))
        return list(self.hashing.done)

    async def test_is_the_same_for_an_unknown_account_as_for_a_wrong_password(self) -> None:
        wrong = await self.work("wrong", self.encoded)
        self.assertEqual(len(wrong), 1)
        self.assertIn("m=19456,t=2,p=1", wrong[0])
        self.assertEqual(await self.work("wrong", None), wrong)
        self.assertEqual(await self.work("", None), await self.work("", self.encoded))

    async def test_is_done_once_for_a_right_one_that_comes_again(self) -> None:
        for _ in range(3):
            self.assertTrue(await self.passwords.matches("right", self.encoded))
        self.assertEqual(len(self.hashing.done), 1)

    async def test_is_the_same_for_a_wrong_one_after_a_right_one(self) -> None:
        await self.passwords.matches("right", self.encoded)
        self.assertEqual(await self.work("wrong", self.encoded), await self.work("wrong", None))

    async def test_is_none_for_an_account_without_a_password(self) -> None:
        self.assertFalse(await self.passwords.matches("", make_password(None)))


class TheProcessThatCompares(TestCase):
    def setUp(self) -> None:
        self.hashing = HashingProcess()
        self.addCleanup(self.hashing.close)
        self.encoded = make_password("密码\n")

    def test_takes_the_right_password_and_no_other(self) -> None:
        answers = [self.hashing.verify(password, self.encoded) for password in ("密码\n", "密码", "", "\ud800")]
        self.assertEqual(answers, [True, False, False, False])

    def test_takes_nothing_for_the_hash_of_a_password_that_is_none(self) -> None:
        self.assertEqual([self.hashing.verify("密码", text) for text in ("argon2$", "!", "")], [False] * 3)

    def test_stands_behind_all_others(self) -> None:
        self.hashing.verify("", self.encoded)
        self.assertEqual(os.getpriority(os.PRIO_PROCESS, self.pid), 19)

    def test_is_started_anew_if_it_was_killed(self) -> None:
        self.hashing.verify("", self.encoded)
        os.kill(self.pid, signal.SIGKILL)
        with self.assertLogs("accounts.hashing", "WARNING"):
            self.assertTrue(self.hashing.verify("密码\n", self.encoded))

    def test_ends_with_whoever_asked(self) -> None:
        self.hashing.verify("", self.encoded)
        pid = self.pid
        self.hashing.close()
        self.assertFalse(Path(f"/proc/{pid}").exists())

    @property
    def pid(self) -> int:
        assert self.hashing._process is not None
        return self.hashing._process.pid
