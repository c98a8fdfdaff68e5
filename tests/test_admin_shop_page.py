"""A shop's page in a real browser: questions have room, and nobody needs eyes or a mouse for them."""

from playwright.sync_api import expect

from robots.models import Faq, QuickReply
from tests.admin_browser import StaffTest
from tests.test_admin_many_questions import large


class AShopsPage(StaffTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop = self.world.shop("dev17", 17, {1: ("包邮吗", "包邮"), 2: ("有大码吗", "有")})
        QuickReply.objects.using(self.world.alias).create(shop=self.shop, shortcut="hi", text="您好")
        self.path = f"/admin/robots/shop/{self.shop.pk}/change/"

    def test_names_every_input_in_both_languages(self) -> None:
        for locale, names in (
            ("en", ("Answer: 包邮吗", "Position: 包邮吗", "Delete: 有大码吗", "Other phrasings", "Text: /hi")),
            ("zh-CN", ("回答：包邮吗", "顺序：包邮吗", "删除：有大码吗", "其他问法", "文本：/hi")),
        ):
            page = self.admin(self.path, locale=locale)
            page.locator("#quick_replies-group summary").click()
            for name in names:
                with self.subTest(name):
                    expect(page.get_by_label(name, exact=True).first).to_be_attached()
            unnamed = """() => [...document.querySelector("#shop_form").elements]
                .filter((each) => each.matches(":is(input, select, textarea):not([type=hidden])"))
                .filter((each) => !each.ariaLabel && !each.labels.length).map((each) => each.name)"""
            self.assertEqual(page.evaluate(unnamed), [])

    def test_gives_questions_and_answers_room(self) -> None:
        for width, least in ((1280, 250), (360, 250)):
            page = self.admin(self.path, viewport={"width": width, "height": 800})
            for name in ("question", "answer", "phrasings"):
                field = page.locator(f"#id_faqs-0-{name}")
                field.wait_for()
                box = field.bounding_box()
                assert box is not None
                self.assertGreater(box["width"], least, (width, name))
            self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), width)

    def test_removes_a_question_with_the_keyboard(self) -> None:
        page = self.admin(self.path)
        page.locator("#id_faqs-0-enabled").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.get_by_label("Delete: 包邮吗")).to_be_checked()
        page.click("[name=_continue]")
        expect(page.get_by_text("was changed successfully")).to_be_visible()
        faqs = Faq.objects.using(self.world.alias).filter(shop=self.shop)
        self.assertEqual([faq.question for faq in faqs], ["有大码吗"])


class FindingAQuestion(StaffTest):
    def test_says_how_many_there_are_where_they_stand(self) -> None:
        shop = large(self.world, 60)
        page = self.admin(f"/admin/robots/shop/{shop.pk}/change/")
        page.get_by_label("Find a question").fill("第5")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("11 questions have “第5” in them.")
        expect(page.get_by_role("status")).to_be_in_viewport()
        expect(page.locator("#id_faqs-0-question")).to_be_in_viewport()
