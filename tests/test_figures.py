"""The figures of a day: who wrote, how soon customers are answered, and in which hour of the server's clock."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.test import SimpleTestCase, override_settings

from chat.afterwards.models import Progress
from chat.figures import clock, daily
from chat.figures.counting import WAITING
from chat.figures.spans import percentile, seconds_of, span_of
from chat.models import Remark
from tests.figure_case import HOUR, MINUTE, FigureTest

QUIET = 30 * MINUTE


class TheFiguresOfADay(FigureTest):
    def test_tell_who_wrote(self) -> None:
        self.asks(MINUTE)
        self.answers(2 * MINUTE)
        for remark in Remark:
            self.answers(3 * MINUTE, remark)
        self.says("User1", "User2", self.noon)
        self.says(self.world.notification.name, "dev17", self.noon)
        whole = self.figures()
        self.assertEqual((whole.customers, whole.people, whole.robots, whole.others), (1, 1, 4, 2))
        self.assertEqual((whole.answers, whole.menus, whole.fallbacks, whole.handovers), (1, 1, 1, 1))
        self.assertEqual(whole.messages, 8)

    def test_have_the_robots_answers_among_what_it_replied(self) -> None:
        for remark in (Remark.ANSWER, Remark.ANSWER, Remark.MENU, Remark.FALLBACK, Remark.HANDOVER):
            self.answers(MINUTE, remark)
        self.assertEqual(self.figures().hit_share, 0.5)

    def test_of_nothing_are_no_shares(self) -> None:
        whole = self.figures()
        self.assertEqual((whole.messages, whole.hit_share, whole.unanswered_share, whole.median), (0, None, None, None))

    def test_of_some_shops_have_nothing_of_others(self) -> None:
        other = self.world.shop("dev18", 18, {})
        self.asks(MINUTE)
        self.says("User2", "dev18", self.noon)
        self.says("User1", "User2", self.noon)
        self.says("dev18", "User2", self.noon + MINUTE)
        self.count_all()
        day = daily.figures(self.day, [other.pk])
        self.assertEqual([shop.name for shop in day.shops], ["dev18"])
        self.assertEqual((day.whole.messages, day.whole.talks, day.whole.spans.total()), (2, 1, 1))
        self.assertEqual(sum(hour.messages for hour in day.hours.values()), 2)

    def test_keep_what_a_shop_did_that_is_deleted(self) -> None:
        self.asks(MINUTE)
        self.count_all()
        self.assertEqual(self.shop.delete(), (1, {"robots.Shop": 1}))
        day = daily.figures(self.day)
        self.assertEqual((day.whole.customers, day.shops), (1, []))

    def test_list_the_shops_to_which_customers_wrote_most(self) -> None:
        self.world.shop("dev18", 18, {})
        self.asks(MINUTE)
        for _ in range(2):
            self.says("User2", "dev18", self.noon)
        self.count_all()
        self.assertEqual([shop.name for shop in daily.figures(self.day).shops], ["dev18", "dev17"])


class AFirstAnswer(FigureTest):
    def seconds(self) -> list[float]:
        """How long customers of the day waited for a person."""
        return [seconds_of(span) for span in self.figures().spans.elements()]

    def assert_about(self, *expected: timedelta) -> None:
        found = self.seconds()
        self.assertEqual(len(found), len(expected), found)
        for one, other in zip(sorted(found), sorted(expected), strict=True):
            self.assertAlmostEqual(one, other.total_seconds(), delta=0.022 * other.total_seconds())

    def test_is_counted_from_the_first_question(self) -> None:
        self.asks(MINUTE)
        self.asks(2 * MINUTE)
        self.answers(6 * MINUTE)
        self.answers(7 * MINUTE)
        self.assert_about(5 * MINUTE)

    def test_is_a_persons(self) -> None:
        self.asks(MINUTE)
        self.answers(2 * MINUTE, Remark.ANSWER)
        self.answers(11 * MINUTE)
        self.assert_about(10 * MINUTE)

    def test_comes_once_in_a_talk_and_again_in_the_next(self) -> None:
        self.asks(MINUTE)
        self.answers(2 * MINUTE)
        self.asks(2 * MINUTE + QUIET - MINUTE)
        self.answers(2 * MINUTE + QUIET)
        self.asks(2 * MINUTE + 2 * QUIET)
        self.answers(5 * MINUTE + 2 * QUIET)
        self.assert_about(MINUTE, 3 * MINUTE)

    def test_may_be_late(self) -> None:
        self.asks(MINUTE)
        self.asks(5 * HOUR)
        self.answers(9 * HOUR + MINUTE)
        self.assert_about(9 * HOUR)

    def test_of_the_next_day_belongs_to_the_day_of_the_question(self) -> None:
        self.asks(11 * HOUR)
        self.answers(14 * HOUR)
        self.assert_about(3 * HOUR)

    def test_does_not_come_after_a_week(self) -> None:
        self.day -= timedelta(days=7)
        self.noon -= timedelta(days=7)
        Progress.objects.create(name="figures", done_up_to=0)
        self.asks(MINUTE)
        self.answers(MINUTE + WAITING)
        self.assert_about()

    def test_is_none_without_a_question(self) -> None:
        self.answers(MINUTE)
        self.assert_about()

    def test_answers_what_a_customer_says_to_a_shop_that_wrote_first(self) -> None:
        self.answers(MINUTE)
        self.asks(2 * MINUTE)
        self.answers(4 * MINUTE)
        self.assert_about(2 * MINUTE)


class AnUnansweredTalk(FigureTest):
    def test_is_one_in_which_nobody_of_the_shop_has_answered(self) -> None:
        self.asks(MINUTE)
        self.asks(MINUTE, "User2")
        self.answers(2 * MINUTE)
        self.assertEqual((self.figures().talks, self.figures().unanswered), (2, 1))

    def test_is_none_if_the_robot_knew_an_answer(self) -> None:
        self.asks(MINUTE)
        self.answers(2 * MINUTE, Remark.ANSWER)
        self.assertEqual(self.figures().unanswered, 0)

    def test_is_one_in_which_it_knew_none(self) -> None:
        self.asks(MINUTE)
        for remark in (Remark.MENU, Remark.FALLBACK, Remark.HANDOVER):
            self.answers(2 * MINUTE, remark)
        self.assertEqual(self.figures().unanswered_share, 1.0)


class AnHour(FigureTest):
    def counted(self, zone: str, *times: datetime) -> dict[str, int]:
        """How many of these messages fall into which hours of the first one's day."""
        with override_settings(TIME_ZONE=zone):
            Progress.objects.create(name="figures", done_up_to=0)
            for at in times:
                self.says("User1", "dev17", at)
            self.count_all()
            day = daily.figures(clock.day_of(times[0]))
            here = ZoneInfo(zone)
            return {
                hour.astimezone(here).strftime("%H:%M%z"): numbers.customers
                for hour, numbers in day.hours.items()
                if numbers.customers
            }

    def test_begins_with_the_servers_clock(self) -> None:
        begin = datetime(2026, 3, 10, 4, tzinfo=UTC)
        moment = timedelta(microseconds=1)
        found = self.counted("Asia/Shanghai", begin, begin + HOUR - moment, begin + HOUR, begin - moment)
        self.assertEqual(found, {"11:00+0800": 1, "12:00+0800": 2, "13:00+0800": 1})

    def test_begins_with_it_also_half_an_hour_beside_greenwichs(self) -> None:
        first = datetime(2026, 3, 10, 4, 29, tzinfo=UTC)
        self.assertEqual(self.counted("Asia/Kolkata", first, first + MINUTE), {"09:00+0530": 1, "10:00+0530": 1})

    def test_that_comes_twice_as_the_clock_is_put_back_is_two(self) -> None:
        first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        self.assertEqual(self.counted("Europe/Berlin", first, first + HOUR), {"02:00+0200": 1, "02:00+0100": 1})

    def test_before_midnight_is_not_of_the_next_day(self) -> None:
        midnight = datetime(2026, 3, 9, 16, tzinfo=UTC)
        self.assertEqual(self.counted("Asia/Shanghai", midnight, midnight - MINUTE), {"00:00+0800": 1})


class APercentile(SimpleTestCase):
    def test_is_within_a_few_percent_of_the_times_own(self) -> None:
        seed = random.randrange(10**9)
        chance = random.Random(seed)
        for _ in range(50):
            times = sorted(chance.lognormvariate(5, 2) + 1 for _ in range(chance.randint(1, 200)))
            numbers = Counter(map(span_of, times))
            for share in (0.5, 0.9):
                exact = times[-(-len(times) * int(share * 10) // 10) - 1]
                found = percentile(numbers, share)
                assert found is not None
                self.assertAlmostEqual(found / exact, 1, delta=0.0221, msg=f"seed {seed}")
