"""A shop's hours, as its staff write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.test import SimpleTestCase

from robots.hours import WrongHoursError, hours, said

TUESDAY = datetime(2026, 11, 24, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A day of the week that begins with Monday, 1."""
    return TUESDAY.replace(day=22 + day, hour=hour, minute=minute)


class Hours(SimpleTestCase):
    def test_are_written_in_several_ways(self) -> None:
        for text in (
            "周一至周五 9:00-12:00 13:30-18:00",
            "一到五：09:00～12:00，13:30～18:00",
            "Mon–Fri 9:00-12:00, 13:30-18:00",
        ):
            for moment, expected in (
                (at(1, 9), True),
                (at(5, 17, 59), True),
                (at(2, 12), False),
                (at(6, 10), False),
                (at(7, 10), False),
            ):
                self.assertEqual(hours(text).open_at(moment), expected, (text, moment))

    def test_are_of_each_day_where_none_is_named(self) -> None:
        for text in ("9:00-21:00", "每天 9:00-21:00"):
            self.assertEqual([hours(text).open_at(at(day, 20)) for day in range(1, 8)], [True] * 7)

    def test_may_be_of_days_apart_and_over_the_end_of_the_week(self) -> None:
        self.assertTrue(hours("周六日 10:00-16:00").open_at(at(7, 10)))
        self.assertTrue(hours("周六至周一 10:00-16:00").open_at(at(1, 10)))
        self.assertFalse(hours("周六至周一 10:00-16:00").open_at(at(2, 10)))

    def test_may_go_on_past_midnight(self) -> None:
        night = hours("Sun 22:00-02:00")
        self.assertEqual(
            [night.open_at(at(7, 23)), night.open_at(at(1, 1)), night.open_at(at(2, 1))], [True, True, False]
        )

    def test_that_are_empty_are_always(self) -> None:
        self.assertTrue(hours(" \n").open_at(at(3, 3)))

    def test_that_are_none_are_refused_with_their_line(self) -> None:
        for line in ("随便", "周一", "9:00", "25:00-26:00", "9:00-9:00", "9:00-10:00 x", "周一 9:61-10:00"):
            with self.assertRaises(WrongHoursError) as refused:
                hours(f"9:00-10:00\n{line}")
            self.assertEqual(refused.exception.args, (line,))


class PeopleAreBack(SimpleTestCase):
    def back(self, text: str, now: datetime) -> str:
        moment = hours(text).opens_after(now)
        return said(moment, now) if moment else ""

    def test_is_said_of_today_tomorrow_or_a_day_of_the_week(self) -> None:
        text = "周一至周五 9:00-12:00 13:30-18:00"
        self.assertEqual(self.back(text, at(1, 12, 30)), "今天 13:30")
        self.assertEqual(self.back(text, at(1, 20)), "明天 09:00")
        self.assertEqual(self.back(text, at(5, 20)), "周一 09:00")
        self.assertEqual(self.back(text, at(7, 20)), "明天 09:00")

    def test_is_not_said_while_they_are_there(self) -> None:
        self.assertEqual(self.back("", at(1, 12)) + self.back("9:00-18:00", at(1, 12)), "")

    def test_is_by_the_clock_on_the_wall_when_it_is_put_back(self) -> None:
        before = datetime(2026, 10, 24, 20, tzinfo=ZoneInfo("Europe/Berlin"))
        self.assertEqual(self.back("9:00-18:00", before), "明天 09:00")
