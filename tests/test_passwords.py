"""Checking passwords: the same work for whoever does not exist as for a wrong password."""

from typing import ClassVar

from django.contrib.auth.hashers import make_password
from django.test import SimpleTestCase, override_settings

from accounts.passwords import Argon2id, PasswordCheck


class Counting(Argon2id):
    """argon2id that keeps account of what it was asked to do."""

    done: ClassVar[list[str]] = []

    def verify(self, password: str, encoded: str) -> bool:
        # All but salt and digest: the algorithm and what its work depends on.
        self.done.append("$".join(encoded.split("$")[:-2]))
        return super().verify(password, encoded)


@override_settings(PASSWORD_HASHERS=["tests.test_passwords.Counting"])
class TheWorkOfACheck(SimpleTestCase):
    def setUp(self) -> None:
        self.passwords = PasswordCheck()
        self.encoded = make_password("right")
        Counting.done.clear()

    async def work(self, password: str, encoded: str | None) -> list[str]:
        """What argon2 was asked to do for one attempt that fails."""
        Counting.done.clear()
        self.assertFalse(await self.passwords.matches(password, encoded))
        return list(Counting.done)

    async def test_is_the_same_for_an_unknown_account_as_for_a_wrong_password(self) -> None:
        wrong = await self.work("wrong", self.encoded)
        self.assertEqual(len(wrong), 1)
        self.assertIn("m=19456,t=2,p=1", wrong[0])
        self.assertEqual(await self.work("wrong", None), wrong)
        self.assertEqual(await self.work("", None), await self.work("", self.encoded))

    async def test_is_done_once_for_a_right_one_that_comes_again(self) -> None:
        for _ in range(3):
            self.assertTrue(await self.passwords.matches("right", self.encoded))
        self.assertEqual(len(Counting.done), 1)

    async def test_is_the_same_for_a_wrong_one_after_a_right_one(self) -> None:
        await self.passwords.matches("right", self.encoded)
        self.assertEqual(await self.work("wrong", self.encoded), await self.work("wrong", None))
