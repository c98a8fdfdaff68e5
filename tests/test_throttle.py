"""The throttle by itself, with a clock of the test's."""

from django.test import SimpleTestCase

from accounts.addresses import network
from accounts.guesses import Guesses
from accounts.refusals import Reason, Refusal
from accounts.throttle import Key, Throttle


class ThrottleTest(SimpleTestCase):
    now = 1000.0

    def throttle(self, uses: int, seconds: float = 60.0) -> Throttle:
        return Throttle("test", uses, seconds, lambda: self.now)

    def wait(self, throttle: Throttle, key: Key = 1) -> float:
        """The seconds to wait before the next use; 0 if it was taken."""
        try:
            throttle.take(key)
        except Refusal as refusal:
            self.assertEqual(refusal.reason, Reason.TOO_MANY_REQUESTS)
            return refusal.retry_after
        return 0.0


class AnAllowance(ThrottleTest):
    def test_may_be_used_all_at_once_and_comes_back_evenly(self) -> None:
        throttle = self.throttle(6)
        self.assertEqual([self.wait(throttle) for _ in range(6)], [0] * 6)
        self.assertAlmostEqual(self.wait(throttle), 10)
        self.now += 4
        self.assertAlmostEqual(self.wait(throttle), 6)
        self.now += 6
        self.assertEqual(self.wait(throttle), 0)
        self.assertAlmostEqual(self.wait(throttle), 10)

    def test_is_each_keys_own(self) -> None:
        throttle = self.throttle(1)
        self.assertEqual([self.wait(throttle, key) for key in (1, 2)], [0, 0])
        self.assertGreater(self.wait(throttle, 1), 0)

    def test_of_0_has_no_end(self) -> None:
        self.assertEqual({self.wait(self.throttle(0)) for _ in range(1000)}, {0})

    def test_that_is_overdrawn_takes_the_longer(self) -> None:
        throttle = self.throttle(6)
        for _ in range(12):
            throttle.count(1)
        self.assertAlmostEqual(self.wait(throttle), 70)


class SharingAnAllowance(ThrottleTest):
    def setUp(self) -> None:
        self.told: list[tuple[Key, int]] = []

    def shared(self, uses: int) -> Throttle:
        throttle = self.throttle(uses)
        throttle.tell = lambda _, key, count: self.told.append((key, count))
        return throttle

    def test_a_small_one_is_told_use_by_use(self) -> None:
        throttle = self.shared(3)
        throttle.take(1)
        throttle.take(1)
        self.assertEqual(self.told, [(1, 1), (1, 1)])

    def test_a_large_one_is_told_in_parts(self) -> None:
        throttle = self.shared(600)
        for _ in range(36):
            throttle.take(1)
        self.assertEqual(self.told, [(1, 12)] * 3)

    def test_nothing_is_told_of_those_who_keep_a_usual_pace(self) -> None:
        throttle = self.shared(600)
        for _ in range(100):
            self.now += 1
            throttle.take(1)
        self.assertEqual(self.told, [])

    def test_what_others_used_counts_as_ones_own(self) -> None:
        throttle = self.shared(6)
        throttle.learn(1, 60)
        self.assertAlmostEqual(self.wait(throttle), 10)

    def test_what_others_have_forgotten_still_counts(self) -> None:
        throttle = self.shared(6)
        for _ in range(6):
            throttle.take(1)
        throttle.learn(1, 0)
        self.assertAlmostEqual(self.wait(throttle), 10)


class Guessing(ThrottleTest):
    def setUp(self) -> None:
        self.guesses = Guesses(self.throttle(2, 600))

    def tries(self, key: str, password: str, right: bool = False) -> bool:
        """Whether the password was compared at all."""
        try:
            self.guesses.check(key, password)
        except Refusal:
            return False
        self.guesses.settle(key, password, right)
        return True

    def test_ends_after_some_wrong_passwords(self) -> None:
        self.assertEqual([self.tries("a", password) for password in ("1", "2", "3")], [True, True, False])

    def test_elsewhere_is_not_touched(self) -> None:
        for password in ("1", "2", "3"):
            self.tries("a", password)
        self.assertTrue(self.tries("b", "right", right=True))

    def test_the_same_password_again_takes_no_try(self) -> None:
        self.assertEqual([self.tries("a", "old") for _ in range(20)], [True] * 20)
        self.assertTrue(self.tries("a", "right", right=True))

    def test_keeps_nobody_out_who_was_right_before(self) -> None:
        self.tries("a", "right", right=True)
        for password in ("1", "2", "3"):
            self.tries("a", password)
        self.assertTrue(self.tries("a", "right", right=True))
        self.assertFalse(self.tries("a", "4"))

    def test_right_ones_take_no_try(self) -> None:
        self.assertEqual([self.tries("a", "right", right=True) for _ in range(20)], [True] * 20)
        self.assertEqual([self.tries("a", password) for password in ("1", "2")], [True, True])


class AClientsNetwork(SimpleTestCase):
    def test_is_what_it_can_not_choose_of_its_address(self) -> None:
        for address, expected in (
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
            ("unix:", "unix:"),
        ):
            self.assertEqual(network(address), expected)
