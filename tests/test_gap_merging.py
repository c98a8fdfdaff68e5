"""What asks the same in words that are too different becomes one, and is counted together."""

import asyncio
from datetime import timedelta
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.admin.deeds import readable
from robots import gaps
from robots.models import Gap, UnansweredQuestion
from tests.admin_session import AdminSession
from tests.case import SocketTest
from tests.gap_case import ALIKE, LIST, GapTest, ask

OTHER = ["周末可以上门安装吗", "能用支付宝付款吗"]


class MergingTest(GapTest):
    def setUp(self) -> None:
        super().setUp()
        self.ask(*ALIKE, *OTHER)
        self.kept = Gap.objects.get(text=ALIKE[0])

    def merge(self, *chosen: Gap, path: str = LIST) -> str:
        return self.submit(path, action="merge", _selected_action=[gap.pk for gap in chosen or Gap.objects.all()])


class Merging(MergingTest):
    def test_leaves_one_that_counts_for_all(self) -> None:
        first = timezone.now() - timedelta(days=3)
        Gap.objects.filter(text=OTHER[0]).update(first_asked_at=first)
        page = self.merge()
        self.assertIn("2 other questions are part of", page)
        self.assertIn(f"{LIST}{self.kept.pk}/change/", page)
        gap = Gap.objects.get()
        self.assertEqual((gap.pk, gap.text, gap.count, gap.first_asked_at), (self.kept.pk, ALIKE[0], 5, first))
        self.assertEqual((gap.last_asked_at, gap.rank), (max(self.asked_at()), gaps.rank(gap)))
        self.assertEqual(set(gaps.wordings(gap)), {*ALIKE, *OTHER})

    def asked_at(self) -> list[Any]:
        return list(UnansweredQuestion.objects.values_list("asked_at", flat=True))

    def test_takes_what_is_like_any_of_them_in_from_then_on(self) -> None:
        self.merge()
        self.ask(*ALIKE, *OTHER)
        self.assertEqual([gap.count for gap in Gap.objects.all()], [10])

    def test_lets_all_wordings_be_answered_at_once(self) -> None:
        self.merge()
        self.submit(self.path(self.kept), way="3")
        for sentence in (*ALIKE, *OTHER):
            self.assertEqual(self.heard(sentence).text, "送杯子")

    def test_is_noted(self) -> None:
        self.merge()
        (entry,) = entries = list(LogEntry.objects.all())
        readable(entries)
        self.assertEqual((entry.object_repr, entry.change_message), (f"#{self.kept.pk}", "Merged with others: 2."))

    def test_takes_as_many_queries_for_many_as_for_few(self) -> None:
        def queries(*texts: str) -> int:
            self.ask(*texts)
            with CaptureQueriesContext(connection) as captured:
                self.merge()
            return len(captured)

        self.merge()  # what is looked up once
        few = queries("火星上的天气怎么样")
        self.assertEqual(queries("唱一首歌给我听", "今晚吃火锅还是烤鱼", "我想学吉他", "明天会下雪吗"), few)


class IsNotMerged(MergingTest):
    def left(self, said: str, *chosen: Gap, path: str = LIST) -> None:
        """It says so, and nothing is changed."""
        before = list(Gap.objects.order_by("pk").values())
        fields = {"action": "merge", "_selected_action": [gap.pk for gap in chosen or Gap.objects.all()]}
        self.assertIn(said, self.client.post(path, fields, follow=True).content.decode())
        self.assertEqual(list(Gap.objects.order_by("pk").values()), before)
        self.assertFalse(LogEntry.objects.exists())

    def test_what_was_asked_of_another_shop(self) -> None:
        other = self.world.shop("dev18", 18, {})
        ask(self.world, other, "User1", ALIKE[0])
        gaps.gather()
        self.left("Only questions of one shop can be merged.")

    def test_one_alone(self) -> None:
        self.left("choose two that are open", self.kept)

    def test_what_was_decided(self) -> None:
        other = Gap.objects.get(text=OTHER[0])
        gaps.dismiss(Gap.objects.filter(pk__in=[self.kept.pk, other.pk]))
        self.left("choose two that are open", self.kept, other, path=f"{LIST}?state=dismissed")

    def test_by_who_may_only_look(self) -> None:
        self.clerk("view_gap")
        self.merge()
        self.assertEqual(Gap.objects.count(), 3)

    def test_by_who_works_for_another_shop(self) -> None:
        self.clerk("view_gap", "change_gap", everything=False)
        self.merge()
        self.assertEqual(Gap.objects.count(), 3)


class WhileOthersDecide(MergingTest):
    def test_who_answers_what_is_gone_is_told(self) -> None:
        late = Gap.objects.get(text=OTHER[0])
        self.merge()
        self.assertIn("Nothing was done: it was merged with others", self.submit(self.path(late), way="3"))
        with self.assertRaises(Gap.DoesNotExist):
            gaps.add_phrasings(late, 3)


class Forgetting(MergingTest):
    def test_keeps_what_others_have_asked(self) -> None:
        self.ask(*ALIKE, OTHER[0], asker="User2")
        self.merge()
        gaps.forget(self.world.get("User1").pk)
        self.assertEqual([gap.count for gap in Gap.objects.all()], [4])
        self.ask(ALIKE[0], *OTHER)
        self.assertEqual([gap.count for gap in Gap.objects.all()], [6, 1])


class AtTheSameTime(SocketTest):
    async def test_several_merge_and_answer_and_nothing_is_lost(self) -> None:
        self.world.accounts("User1")
        shop = self.world.shop("dev17", 17, {3: ("送什么礼物", "送杯子")})
        now = timezone.now()
        rows = Gap.objects.using(self.world.alias).bulk_create(
            Gap(
                shop=shop,
                text=f"第{n}个",
                meaning=b"\x00\x3c" * 512,
                count=1,
                first_asked_at=now,
                last_asked_at=now,
                rank=n,
            )
            for n in range(6)
        )
        for gap in rows:
            UnansweredQuestion.objects.using(self.world.alias).create(
                shop=shop, asker=self.world.get("User1"), text=gap.text, gap=gap
            )
        staff = [await AdminSession.begin(server, self.world.alias) for server in self.deployment.servers for _ in "12"]
        ids = [gap.pk for gap in rows]
        await asyncio.gather(
            *(each.act(LIST, "merge", *ids[number % 2 :]) for number, each in enumerate(staff)),
            *(each.act(LIST, "merge", *ids[:4]) for each in staff),
        )
        left = list(Gap.objects.using(self.world.alias).filter(shop=shop))
        self.assertEqual(sum(gap.count for gap in left), 6)
        for gap in left:
            self.assertEqual(gap.questions.using(self.world.alias).count(), gap.count)
