"""Trying out a shop's robot in the admin."""

from django.test import SimpleTestCase

from robots import trial
from robots.finding.index import RANKING
from robots.models import Faq, Shop, Speaks, UnansweredQuestion
from tests.admin_case import AdminTest


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

    def test_tells_of_a_shop_without_questions(self) -> None:
        Faq.objects.all().delete()
        self.assertIn("no enabled questions", self.tried("包邮吗"))

    def test_tells_what_becomes_of_an_ordinary_message_where_that_differs(self) -> None:
        ordinary = "to an ordinary message"
        self.assertNotIn(ordinary, self.tried("转人工"))
        Shop.objects.update(speaks=Speaks.ALONE, handover="请等人工", greeting="欢迎")
        for sentence, told in (
            ("转人工", "It hands over to people: 请等人工"),
            ("謝謝", "Nothing, for nothing is asked."),
            ("在吗", "It offers the first questions: 欢迎"),
        ):
            with self.subTest(sentence):
                page = self.tried(sentence)
                self.assertIn(ordinary, page)
                self.assertIn(told, page)
        self.assertNotIn(ordinary, self.tried("包邮吗"))

    def test_shows_what_was_typed_as_text(self) -> None:
        self.assertNotIn("<b>x", self.tried("<b>x</b>包邮"))

    def test_of_a_shop_that_there_is_not_is_not_found(self) -> None:
        self.assertEqual(self.client.get("/admin/robots/shop/999999/robot/").status_code, 404)


class TheColumns(SimpleTestCase):
    def test_are_all_that_questions_are_ranked_by(self) -> None:
        self.assertEqual(tuple(trial.SIGNS), RANKING)
