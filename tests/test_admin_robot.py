"""Trying out a shop's robot in the admin."""

import re
from datetime import UTC, datetime
from typing import Any

from django.test import SimpleTestCase

from robots import trial
from robots.finding.index import RANKING
from robots.models import Faq, Shop, Speaks, UnansweredQuestion
from tests.admin_case import AdminTest
from tests.admin_session import AdminSession
from tests.case import SocketTest


class TryingOut(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        faqs = {1: ("发什么快递", "发顺丰a"), 3: ("包邮吗", "本店全场包邮")}
        self.shop = self.world.shop("dev17", 17, faqs, fallback="请稍等")
        self.path = f"/admin/robots/shop/{self.shop.pk}/robot/"

    def tried(self, sentence: str) -> str:
        return self.page(f"{self.path}?sentence={sentence}")

    def test_is_reached_from_the_shops_page(self) -> None:
        self.assertIn(self.path, self.page(f"/admin/robots/shop/{self.shop.pk}/change/"))

    def test_begins_with_an_empty_line(self) -> None:
        self.assertIn('name="sentence"', self.page(self.path))

    def test_shows_an_answer_with_its_candidates_and_scores(self) -> None:
        page = self.tried("要不要运费")
        self.assertIn("It answers", page)
        self.assertIn("本店全场包邮", page)
        self.assertIn("1. 发什么快递", page)
        self.assertIn("words of the trade", page)

    def test_shows_a_menu(self) -> None:
        page = self.tried("快递费多少")
        self.assertIn("It offers a menu", page)
        self.assertIn("<li>包邮吗</li>", page)

    def test_shows_the_fallback_and_notes_nothing(self) -> None:
        page = self.tried("今天天气怎么样")
        self.assertIn("It says the fallback", page)
        self.assertIn("请稍等", page)
        self.assertFalse(UnansweredQuestion.objects.exists())

    def test_tells_equal_wordings_and_keywords_apart(self) -> None:
        self.assertIn("equals a wording", self.tried("包邮吗？"))
        Faq.objects.filter(number=1).update(keywords="顺丰")
        self.assertIn("all keywords", self.tried("顺丰走起"))

    def test_shows_candidates_where_it_was_no_matter_of_likeness(self) -> None:
        Faq.objects.filter(number=1).update(keywords="顺丰")
        for sentence in ("包邮吗", "顺丰走起", "转人工"):
            with self.subTest(sentence):
                page = self.tried(sentence)
                self.assertIn("It was no matter of likeness.", page)
                self.assertIn("1. 发什么快递", page)
                self.assertIn("3. 包邮吗", page)

    def test_shows_no_candidate_that_an_exclusion_rules_out(self) -> None:
        Faq.objects.filter(number=1).update(exclusions="包邮")
        self.assertNotIn("1. 发什么快递", self.tried("包邮吗"))

    def test_says_above_all_that_it_hands_over(self) -> None:
        Shop.objects.update(handover="请等人工")
        page = self.tried("转人工")
        self.assertIn("It hands over to people: the customer asks for one.", page)
        self.assertIn("请等人工", page)
        self.assertNotIn("It says the fallback", page)

    def test_tells_of_a_shop_without_questions(self) -> None:
        Faq.objects.all().delete()
        self.assertIn("no enabled questions", self.tried("包邮吗"))

    def test_tells_what_becomes_of_an_ordinary_message_where_that_differs(self) -> None:
        ordinary = "to an ordinary message"
        self.assertNotIn(ordinary, self.tried("謝謝"))
        Shop.objects.update(speaks=Speaks.ALONE, greeting="欢迎")
        for sentence, told in (
            ("謝謝", "Nothing, for nothing is asked."),
            ("在吗", "It offers the first questions: 欢迎"),
        ):
            with self.subTest(sentence):
                page = self.tried(sentence)
                self.assertIn(ordinary, page)
                self.assertIn(told, page)
        for same in ("包邮吗", "转人工"):
            self.assertNotIn(ordinary, self.tried(same))

    def test_shows_what_was_typed_as_text(self) -> None:
        self.assertNotIn("<b>x", self.tried("<b>x</b>包邮"))

    def test_of_a_shop_that_there_is_not_is_not_found(self) -> None:
        self.assertEqual(self.client.get("/admin/robots/shop/999999/robot/").status_code, 404)


class RightNow(AdminTest):
    """Nobody is online where no server runs."""

    def setUp(self) -> None:
        super().setUp()
        self.shop = self.world.shop("dev17", 17, {})

    def said(self, **fields: Any) -> str:
        """Whether the robot would speak, and why."""
        Shop.objects.update(**fields)
        page = self.page(f"/admin/robots/shop/{self.shop.pk}/robot/")
        found = re.search(r"Right now it (does not answer|answers) by itself[^<]*:</strong> ([^.]*)", page)
        assert found is not None
        return f"{found[1]}: {found[2]}"

    def test_the_robot_answers_nothing_where_it_is_off(self) -> None:
        self.assertIn("does not answer: it is switched off", self.said())

    def test_the_robot_answers_while_nobody_is_online(self) -> None:
        self.assertEqual(self.said(speaks=Speaks.ALONE), "answers: nobody of the shop is online")

    def test_no_robot_of_a_disabled_shop_answers(self) -> None:
        said = self.said(speaks=Speaks.ALONE, enabled=False)
        self.assertEqual(said, "does not answer: the shop is disabled")


class RightNowWhilePeopleAreThere(SocketTest):
    async def test_the_robot_answers_by_the_hours(self) -> None:
        shop = self.world.shop("dev17", 17, {})
        await self.signed_in("dev17", self.deployment.servers[-1])
        staff = await AdminSession.begin(self.deployment.servers[0], self.world.alias)
        now = datetime.now(UTC)
        there, away = "0:00-24:00", f"{(now.hour + 12) % 24}:00-{(now.hour + 12) % 24}:01"
        online = "somebody of the shop is online"
        for speaks, hours, said in (
            (Speaks.ALONE, there, online),
            (Speaks.ALONE_OR_OPEN, there, "it is within the shop"),
            (Speaks.ALONE_OR_OPEN, away, f"{online}, and it is outside of the shop"),
            (Speaks.ALONE_OR_CLOSED, there, f"{online}, and it is within the shop"),
            (Speaks.ALONE_OR_CLOSED, away, "it is outside of the shop"),
        ):
            rows = Shop.objects.using(self.world.alias).filter(pk=shop.pk)
            rows.update(speaks=speaks, hours=hours, time_zone="UTC")
            page = await staff.get(f"/admin/robots/shop/{shop.pk}/robot/")
            self.assertIn(f":</strong> {said}", page)


class TheColumns(SimpleTestCase):
    def test_are_all_that_questions_are_ranked_by(self) -> None:
        self.assertEqual(tuple(trial.COLUMNS), RANKING)
