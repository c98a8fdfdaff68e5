"""A robot that learns many questions: others ask meanwhile, and the admin shows how far it has come."""

import threading
from datetime import timedelta

import numpy as np
from django.db import connection
from django.test import SimpleTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import expect

from robots.finding.encoder import encode
from robots.learning import STOPPED, Teller, going_on
from robots.models import Faq, Learning, Shop
from robots.prepared import Prepared, prepare_changed
from tests.admin_browser import StaffTest
from tests.admin_case import AdminTest


class ManyTexts(SimpleTestCase):
    def test_let_others_ask_before_they_are_all_done(self) -> None:
        begun, done = threading.Event(), threading.Event()
        heard: list[tuple[int, int]] = []

        def tell(numbers: int, every: int) -> None:
            heard.append((numbers, every))
            begun.set()

        def learn() -> None:
            encode([f"第{n}个问题怎么办呢" * 4 for n in range(600)], tell)
            done.set()

        thread = threading.Thread(target=learn)
        thread.start()
        self.addCleanup(thread.join)
        self.assertTrue(begun.wait(60))
        encode(["发什么快递"])
        self.assertFalse(done.is_set())
        thread.join()
        self.assertEqual(heard[-1], (600, 600))
        self.assertEqual([numbers for numbers, _every in heard], sorted({numbers for numbers, _every in heard}))

    def test_mean_what_each_means_by_itself(self) -> None:
        texts = ["发什么快递", "包邮吗", "这件衣服有没有大码" * 30, "有发票吗", "发什么快递"]
        alone = np.concatenate([encode([text]) for text in texts])
        self.assertTrue(np.allclose(encode(texts), alone, atol=1e-3))


class LearningTest(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop = self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        self.path = f"/admin/robots/shop/{self.shop.pk}/"

    def learning(self, ago: timedelta = timedelta(0)) -> None:
        """Some process has come half way, so long ago."""
        Learning.objects.create(shop=self.shop, done=1000, every=2000, at=timezone.now() - ago)

    def prepared(self) -> None:
        """Nobody has anything to learn."""
        Shop.objects.update(stale=False)


class HowFarItIs(LearningTest):
    def test_is_told_once_it_takes_some_time_and_forgotten_once_it_is_done(self) -> None:
        teller = Teller(self.shop.pk, "default", beat=0)
        teller.tell(32, 2000)
        teller.tell(64, 2000)
        told = going_on(self.shop)
        assert told is not None
        self.assertEqual((told.done, told.every), (64, 2000))
        teller.end()
        self.assertIsNone(going_on(self.shop))

    def test_is_not_told_of_what_takes_no_time(self) -> None:
        with CaptureQueriesContext(connection) as captured:
            Prepared(Shop.objects.get()).index  # noqa: B018  (it is worked out)
        self.assertFalse([query for query in captured.captured_queries if "robots_learning" in query["sql"]])

    def test_of_a_process_that_has_ended_is_forgotten_and_another_begins(self) -> None:
        self.prepared()
        self.learning(STOPPED + timedelta(seconds=1))
        self.assertIsNone(going_on(self.shop))
        self.assertTrue(prepare_changed())
        self.assertFalse(Learning.objects.exists())

    def test_of_a_process_that_goes_on_is_left_to_it(self) -> None:
        self.prepared()
        self.learning()
        self.assertFalse(prepare_changed())

    def test_is_told_while_a_shop_is_prepared(self) -> None:
        Faq.objects.bulk_create(
            Faq(shop=self.shop, number=n, question=f"第{n}个问题", answer=f"第{n}个问题的回答。" * 150)
            for n in range(2, 62)
        )
        with CaptureQueriesContext(connection) as captured:
            Prepared(Shop.objects.get()).index  # noqa: B018  (it is worked out)
        self.assertTrue([query for query in captured.captured_queries if "robots_learning" in query["sql"]])
        self.assertFalse(Learning.objects.exists())


class ItsPages(LearningTest):
    def test_show_how_far_it_is_and_ask_anew(self) -> None:
        self.learning()
        for page in ("change/", "import/", "robot/", "learning/"):
            with self.subTest(page):
                shown = self.page(self.path + page)
                self.assertIn("1,000 of 2,000 texts", shown)
                self.assertIn('hx-get="/admin/robots/shop/', shown)

    def test_show_nothing_where_there_is_nothing_to_learn(self) -> None:
        self.prepared()
        for page in ("change/", "import/", "robot/", "learning/"):
            with self.subTest(page):
                shown = self.page(self.path + page)
                self.assertNotIn("texts.", shown)
                self.assertNotIn('hx-get="/admin/robots/shop/', shown)

    def test_ask_a_while_whether_somebody_begins(self) -> None:
        self.assertIn("polls=1&", self.page(self.path + "change/").replace("&amp;", "&"))
        self.assertIn("polls=15&", self.page(self.path + "learning/?polls=14").replace("&amp;", "&"))
        for polls in ("15", "x", "9" * 50, "-1"):
            self.assertNotIn("hx-get", self.page(self.path + f"learning/?polls={polls}"))

    def test_say_when_it_is_done(self) -> None:
        self.prepared()
        self.assertIn("knows all questions", self.page(self.path + "learning/?polls=1&seen=1"))

    def test_say_nothing_of_the_kind_while_there_is_more_to_learn(self) -> None:
        self.assertNotIn("knows all questions", self.page(self.path + "learning/?polls=15&seen=1"))

    def test_that_wait_for_a_trial_are_loaded_anew_then(self) -> None:
        self.learning()
        waiting = self.page(self.path + "robot/?sentence=包邮吗")
        self.assertNotIn("<blockquote", waiting)
        self.assertIn("again=1", waiting)
        Learning.objects.all().delete()
        self.prepared()
        self.assertNotIn("HX-Refresh", self.client.get(self.path + "learning/?polls=1&seen=1").headers)
        answer = self.client.get(self.path + "learning/?polls=1&seen=1&again=1")
        self.assertEqual(answer.headers["HX-Refresh"], "true")
        self.assertIn("<blockquote", self.page(self.path + "robot/?sentence=包邮吗"))

    def test_are_for_those_who_may_see_the_shop(self) -> None:
        self.clerk("view_account")
        self.assertEqual(self.client.get(self.path + "learning/").status_code, 403)


class OnTheScreen(StaffTest):
    def test_the_bar_moves_and_goes_by_itself(self) -> None:
        shop, alias = self.world.shop("dev17", 17, {}), self.world.alias
        rows = Learning.objects.using(alias)
        rows.create(shop=shop, done=10, every=100, at=timezone.now())
        page = self.admin(f"/admin/robots/shop/{shop.pk}/robot/?sentence=%E5%8C%85%E9%82%AE%E5%90%97")
        expect(page.get_by_text("10 of 100 texts")).to_be_visible()
        rows.update(done=60, at=timezone.now())
        expect(page.locator("progress")).to_have_attribute("value", "60")
        Shop.objects.using(alias).filter(pk=shop.pk).update(stale=False)
        rows.all().delete()
        expect(page.locator("blockquote")).to_be_visible()
        expect(page.locator("progress")).to_have_count(0)
