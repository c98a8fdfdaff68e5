"""What customers ask and no robot can answer: gathered by what is asked, and filled by people."""

import re

from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from robots import gaps
from robots.models import Faq, Gap, UnansweredQuestion
from tests.gap_case import ALIKE, LIST, GapTest, ask


class Gathering(GapTest):
    def test_brings_together_what_asks_the_same(self) -> None:
        self.ask(*ALIKE, "周末可以上门安装吗")
        self.assertEqual(
            [(gap.text, gap.count) for gap in Gap.objects.all()], [(ALIKE[0], 3), ("周末可以上门安装吗", 1)]
        )

    def test_goes_on_with_what_is_there(self) -> None:
        self.ask(ALIKE[0])
        self.ask(*ALIKE[1:])
        self.assertEqual(Gap.objects.get().count, 3)
        self.assertFalse(UnansweredQuestion.objects.filter(gap=None).exists())

    def test_is_within_one_shop(self) -> None:
        other = self.world.shop("dev18", 18, {})
        ask(self.world, other, "User1", ALIKE[0])
        self.ask(ALIKE[0])
        self.assertEqual(Gap.objects.count(), 2)

    def test_leaves_what_was_dismissed_dismissed(self) -> None:
        self.dismiss(self.gap())
        self.ask("你们有赠品吗")
        gap = Gap.objects.get()
        self.assertEqual((gap.count, gap.state), (4, "dismissed"))
        self.assertFalse(UnansweredQuestion.objects.filter(settled=False).exists())

    def test_begins_anew_after_an_answer(self) -> None:
        gaps.make_question(self.gap(), question="有赠品吗", answer="有")
        self.ask("有没有赠品")
        self.assertEqual(sorted(Gap.objects.values_list("count", "state")), [(1, "open"), (3, "answered")])

    def test_forgets_who_is_erased(self) -> None:
        self.ask(ALIKE[0], "周末可以上门安装吗")
        self.ask(ALIKE[1], asker="User2")
        gaps.forget(self.world.get("User1").pk)
        self.assertEqual([(gap.text, gap.count) for gap in Gap.objects.all()], [(ALIKE[1], 1)])


class TheList(GapTest):
    def make(self, count: int) -> list[Gap]:
        """So many gaps, however alike."""
        at = dict.fromkeys(("first_asked_at", "last_asked_at"), timezone.now())
        return Gap.objects.bulk_create(
            Gap(shop=self.shop, text=f"第{n}个", meaning=b"", count=1, rank=n, **at) for n in range(count)
        )

    def test_has_the_newest_and_the_most_frequent_first(self) -> None:
        self.ask("周末可以上门安装吗", *ALIKE, "可以用支付宝付款吗")
        page = self.page(LIST)
        places = [page.index(question) for question in (ALIKE[0], "可以用支付宝付款吗", "周末可以上门安装吗")]
        self.assertEqual(places, sorted(places))

    def test_shows_what_waits_unless_another_state_is_asked_for(self) -> None:
        self.dismiss(self.gap())
        self.assertNotIn(ALIKE[0], self.page(LIST))
        self.assertIn(ALIKE[0], self.page(f"{LIST}?state=dismissed"))

    def test_takes_as_many_queries_for_many_as_for_few(self) -> None:
        self.make(2)
        few = len(self.queries(LIST))
        self.make(200)
        self.assertEqual(len(self.queries(LIST)), few)

    def test_dismisses_many_with_as_many_queries_as_few(self) -> None:
        def dismissed(count: int) -> int:
            for gap in self.make(count):
                UnansweredQuestion.objects.create(shop=self.shop, asker=self.world.get("User1"), text="?", gap=gap)
            fields = {"action": "dismiss", "select_across": 1, "_selected_action": Gap.objects.latest("pk").pk}
            with CaptureQueriesContext(connection) as captured:
                self.submit(LIST, **fields)
            return len(captured)

        dismissed(1)  # what is looked up once
        few = dismissed(2)
        self.assertEqual(dismissed(60), few)
        self.assertEqual(set(Gap.objects.values_list("state", flat=True)), {"dismissed"})
        self.assertFalse(UnansweredQuestion.objects.filter(settled=False).exists())
        logged = LogEntry.objects.values_list("object_repr", flat=True)
        self.assertEqual(sorted(logged), sorted(map(str, Gap.objects.all())))

    def test_dismisses_several_at_once(self) -> None:
        self.ask(*ALIKE, "周末可以上门安装吗")
        self.submit(LIST, action="dismiss", _selected_action=[gap.pk for gap in Gap.objects.all()])
        self.assertEqual(set(Gap.objects.values_list("state", flat=True)), {"dismissed"})

    def test_says_how_many_were_left_as_they_are(self) -> None:
        self.ask(*ALIKE, "周末可以上门安装吗")
        one, _other = Gap.objects.all()
        gaps.make_question(one, question="有赠品吗", answer="有")
        page = self.submit(f"{LIST}?state=answered", action="dismiss", _selected_action=[one.pk])
        self.assertIn("1 question is left as it is, for it is not open.", page)
        self.assertEqual(set(Gap.objects.values_list("state", flat=True)), {"answered", "open"})

    def test_calls_what_waits_so_in_chinese(self) -> None:
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
        self.assertRegex(self.page(LIST), r"<a[^>]*>\s*待处理\s*</a>")


class Filling(GapTest):
    def test_makes_a_question_of_it_with_the_customers_wordings(self) -> None:
        self.submit(self.path(self.gap()), question="有赠品吗？", answer="满百有赠品", way="new")
        faq = Faq.objects.get(answer="满百有赠品")
        self.assertEqual((faq.number, faq.phrasings.splitlines()), (6, [ALIKE[1], ALIKE[0]]))
        self.assertEqual(Gap.objects.get().state, "answered")
        self.assertFalse(UnansweredQuestion.objects.filter(settled=False).exists())
        for asked in ALIKE:
            self.assertEqual(self.heard(asked).text, "满百有赠品")

    def test_makes_no_question_that_the_shop_has_and_offers_that_instead(self) -> None:
        gap = self.gap()
        Faq.objects.filter(number=5).update(enabled=False)
        for number, question, said in (
            (3, "送什么礼物", "already: number 3"),
            (5, " 发什么快递？", "already, though disabled: number 5"),
        ):
            page = self.refusal(self.path(gap), question=question, answer="有", way="new")
            self.assertIn(said, page)
            self.assertRegex(page, rf'name="way" value="{number}" required checked')
            self.assertEqual(page.count(" checked"), 1)
        self.assertEqual(Faq.objects.count(), 2)

    def test_adds_it_to_a_question_that_is_likely(self) -> None:
        page = self.page(self.path(gap := self.gap()))
        self.assertIn("送什么礼物", page)
        self.submit(self.path(gap), way="3")
        self.assertEqual(set(Faq.objects.get(number=3).phrasings.splitlines()), set(ALIKE))
        self.assertEqual(self.heard(ALIKE[0]).text, "送杯子")

    def test_adds_it_to_a_question_of_any_number_of_the_shop(self) -> None:
        gap = self.gap()
        self.world.shop("dev18", 18, {9: ("别家的", "别家")})
        for number, said in (("9", "no question of this"), ("", "Choose a"), ("x", "no question"), ("9" * 11, "no q")):
            self.assertIn(said, self.refusal(self.path(gap), way="other", other=number))
        self.submit(self.path(gap), way="other", other="5")
        self.assertEqual(self.heard(ALIKE[0]).text, "顺丰")

    def test_needs_an_answer(self) -> None:
        self.refusal(self.path(self.gap()), question="有赠品吗", answer="", way="new")

    def test_may_be_to_dismiss_it(self) -> None:
        self.submit(self.path(self.gap()), dismiss="1")
        self.assertEqual(Gap.objects.get().state, "dismissed")

    def test_goes_on_with_the_list_of_the_same_shop(self) -> None:
        path = re.findall(r'href="([^"]+/change/[^"]*)"', self.list_of_the_shop())[0].replace("&amp;", "&")
        answer = self.client.post(path, {"dismiss": "1"})
        self.assertRedirects(answer, f"{LIST}?shop__id__exact={self.shop.pk}")

    def list_of_the_shop(self) -> str:
        self.gap()
        return self.page(f"{LIST}?shop__id__exact={self.shop.pk}")

    def test_is_one_of_these_alone(self) -> None:
        for way in ({}, {"way": ""}, {"way": "x"}, {"way": "77"}):
            self.refusal(self.path(self.gap()), question="有赠品吗", answer="有", **way)
        self.assertEqual(Faq.objects.count(), 2)

    def test_keeps_the_lines_of_an_answer_as_everywhere(self) -> None:
        self.submit(self.path(self.gap()), question="有赠品吗", answer="有\r\n满百就送", way="new")
        self.assertEqual(Faq.objects.get(question="有赠品吗").answer, "有\n满百就送")

    def test_needs_room_in_the_shop(self) -> None:
        Faq.objects.bulk_create(Faq(shop=self.shop, number=n, question=f"{n}", answer="") for n in range(10, 2008))
        page = self.refusal(self.path(self.gap()), question="有赠品吗", answer="有", way="new")
        self.assertIn("A shop can hold 2000 questions.", page)
