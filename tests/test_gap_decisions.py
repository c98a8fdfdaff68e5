"""What becomes of a gap is decided once, may be decided anew, and holds with whatever strangers write."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from robots import gaps
from robots.models import Faq, Gap, UnansweredQuestion
from tests.gap_case import ALIKE, LIST, GapTest, ask

ONE_BY_ONE = "/admin/robots/unansweredquestion/"


class WhoeverIsLater(GapTest):
    SAID = "Nothing was done, for somebody was quicker: what customers ask here is “%s” by now."

    def setUp(self) -> None:
        super().setUp()
        self.found = self.gap()
        self.late = Gap.objects.get()
        """As somebody has read it before the other one decided."""

    def told(self, state: str, **fields: str) -> None:
        """This is too late: it says so and does nothing."""
        before = list(Faq.objects.values())
        page = self.submit(self.path(self.found), **fields)
        self.assertIn(self.SAID % state, page)
        self.assertEqual(list(Faq.objects.values()), before)

    def test_is_told_that_it_is_answered(self) -> None:
        self.submit(self.path(self.found), question="有赠品吗", answer="有", way="new")
        late = (
            {"question": "有赠品吗", "answer": "没有", "way": "new"},
            {"way": "new"},
            {"way": "3"},
            {"dismiss": "1"},
        )
        for fields in late:
            with self.subTest(fields):
                self.told("answered", **fields)
        self.assertEqual(Gap.objects.get().state, "answered")

    def test_is_told_that_it_is_dismissed(self) -> None:
        self.dismiss(self.found)
        self.told("dismissed", question="有赠品吗", answer="没有", way="new")

    def test_is_told_that_it_is_open(self) -> None:
        self.told("open", reopen="1")

    def test_does_nothing_though_it_was_open_a_moment_before(self) -> None:
        gaps.make_question(self.found, question="有赠品吗", answer="有")
        with self.assertRaises(gaps.QuickerError):
            gaps.make_question(self.late, question="有赠品吗", answer="没有")
        with self.assertRaises(gaps.QuickerError):
            gaps.add_phrasings(self.late, 3)
        self.assertEqual(self.dismiss(self.late), 0)
        self.assertEqual([faq.answer for faq in Faq.objects.filter(question="有赠品吗")], ["有"])

    def test_finds_nothing_where_all_who_asked_were_erased(self) -> None:
        gaps.forget(self.world.get("User1").pk)
        with self.assertRaises(Gap.DoesNotExist):
            gaps.make_question(self.late, question="有赠品吗", answer="没有")

    def test_does_not_undo_what_was_decided_by_gathering(self) -> None:
        """Its state is no business of who counts."""
        ask(self.world, self.shop, "User1", "你们有赠品吗")
        with CaptureQueriesContext(connection) as captured:
            gaps.gather()
        updates = [row["sql"] for row in captured.captured_queries if row["sql"].startswith('UPDATE "robots_gap"')]
        self.assertEqual([sql for sql in updates if '"state"' in sql.partition("WHERE")[0]], [])


class OpeningAgain(GapTest):
    def test_lets_it_be_decided_anew(self) -> None:
        self.dismiss(gap := self.gap())
        page = self.submit(self.path(gap), reopen="1")
        self.assertIn("The question is open again.", page)
        self.assertIn("It becomes a question of the shop", page)
        self.submit(self.path(gap), question="有赠品吗", answer="有", way="new")
        self.assertEqual(Gap.objects.get().state, "answered")

    def test_leaves_the_shops_questions(self) -> None:
        gaps.make_question(gap := self.gap(), question="有赠品吗", answer="有")
        self.submit(self.path(gap), reopen="1")
        self.assertEqual(self.heard(ALIKE[0]).text, "有")

    def test_is_offered_of_what_is_not_open(self) -> None:
        gap = self.gap()
        self.assertNotIn("Open it again", self.page(self.path(gap)))
        self.dismiss(gap)
        self.assertIn("Open it again", self.page(self.path(gap)))

    def test_lets_its_questions_wait_again(self) -> None:
        self.dismiss(gap := self.gap())
        gaps.reopen(gap)
        self.assertEqual(set(UnansweredQuestion.objects.values_list("settled", flat=True)), {False})


class WhatStrangersWrite(GapTest):
    ODD = (
        "\u202e\u200f有没有赠品\x07\x1b",
        "<script>alert(1)</script>{{ 7 }}",
        "送" * 500,
        "W" * 500,
        "👨\u200d👩\u200d👧" * 100,
        "\u200b",
        "一\x85二\u2028三\x0b四",
    )

    def setUp(self) -> None:
        super().setUp()
        ask(self.world, self.shop, "User1", *(text[:500] for text in self.ODD))
        gaps.gather()

    def test_is_shown_as_text(self) -> None:
        pages = [self.page(LIST), self.page(ONE_BY_ONE), *(self.page(self.path(gap)) for gap in Gap.objects.all())]
        for page in pages:
            self.assertNotRegex(page, "<script>alert|[\x00-\x08\x0b\x0c\x0e-\x1f\u202e\u200f]")

    def test_can_be_opened_where_nothing_is_to_be_seen(self) -> None:
        gap = Gap.objects.get(text="\u200b")
        self.assertIn(f"#{gap.pk}</a>", self.page(LIST))
        self.assertIn(f"#{gap.questions.get().pk}</a>", self.page(ONE_BY_ONE))

    def test_leaves_room_for_what_else_a_list_says(self) -> None:
        for page in (LIST, ONE_BY_ONE):
            self.assertIn(f">{'送' * 39}…</a>", self.page(page))

    def test_becomes_questions_that_can_be_exported(self) -> None:
        for number, gap in enumerate(Gap.objects.all()):
            self.submit(self.path(gap), question=f"第{number}个", answer="好", way="new")
        self.assertEqual(Gap.objects.exclude(state="answered").count(), 0)
        for kind in ("csv", "xlsx"):
            self.assertEqual(self.client.get(f"/admin/robots/shop/{self.shop.pk}/questions.{kind}").status_code, 200)

    def test_makes_phrasings_of_one_line_that_the_robot_knows(self) -> None:
        gap = Gap.objects.get(text__contains="有没有赠品")
        gaps.make_question(gap, question="有赠品吗", answer="有")
        self.assertEqual(Faq.objects.get(question="有赠品吗").phrasings, "有没有赠品")
        self.assertEqual(self.heard(self.ODD[0]).text, "有")
