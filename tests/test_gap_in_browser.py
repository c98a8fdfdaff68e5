"""Answering on a phone what customers ask and no robot can answer."""

from django.utils import timezone
from playwright.sync_api import Page, expect

from robots.models import Faq, Gap, UnansweredQuestion
from tests.admin_browser import StaffTest
from tests.gap_case import LIST


class OnAPhone(StaffTest):
    def opened(self, **options: str) -> Page:
        """The page of what one customer asked a shop with many questions."""
        faqs = {number: (f"第{number}个问题", f"回答{number}") for number in range(1, 60)}
        self.shop = self.world.shop("dev17", 17, {**faqs, 60: ("<b>送什么礼物", "送杯子")})
        asker, now = self.world.account("User1"), timezone.now()
        self.gap = Gap.objects.using(self.world.alias).create(
            shop=self.shop, text="有赠品吗", meaning=bytes(1024), count=1, first_asked_at=now, last_asked_at=now, rank=0
        )
        UnansweredQuestion.objects.using(self.world.alias).create(
            shop=self.shop, asker=asker, text="有赠品吗", gap=self.gap
        )
        return self.admin(f"{LIST}{self.gap.pk}/change/", viewport={"width": 360, "height": 740}, **options)

    def faqs(self) -> dict[str, str]:
        rows = Faq.objects.using(self.world.alias).filter(shop=self.shop).exclude(phrasings="", number__lt=61)
        return dict(rows.values_list("question", "phrasings"))

    def test_the_question_that_is_meant_is_found_by_its_words(self) -> None:
        page = self.opened()
        page.locator(".select2-selection").click()
        expect(page.locator("input[value=other]")).to_be_checked()
        page.keyboard.type("礼物")
        expect(page.locator(".select2-results__option")).to_have_text(["60. <b>送什么礼物"])
        page.keyboard.press("Enter")
        self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), 360)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("It is another phrasing of “<b>送什么礼物” now.")).to_be_visible()
        self.assertEqual(self.faqs(), {"<b>送什么礼物": "有赠品吗"})

    def test_the_search_speaks_chinese(self) -> None:
        page = self.opened(locale="zh-CN")
        page.locator(".select2-selection").click()
        page.keyboard.type("火星")
        expect(page.get_by_text("未找到结果")).to_be_visible()

    def test_who_writes_a_new_question_has_chosen_that(self) -> None:
        page = self.opened(color_scheme="dark")
        page.get_by_label("Answer", exact=True).fill("满百就送")
        expect(page.locator("input[value=new]")).to_be_checked()
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("“有赠品吗” is a question of the shop now.")).to_be_visible()
        self.assertEqual(self.faqs(), {"有赠品吗": ""})

    def test_nothing_is_done_before_it_is_said_what_is_meant(self) -> None:
        page = self.opened()
        page.get_by_role("button", name="Save").click()
        self.assertFalse(page.evaluate("document.querySelector('input[value=new]').validity.valid"))
        self.assertIn(f"/{self.gap.pk}/change/", page.url)
