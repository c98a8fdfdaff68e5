"""Whoever leaves a page of the admin with changes that are not saved is asked first."""

from playwright.sync_api import Dialog, Page, expect

from tests.admin_browser import StaffTest
from tests.test_admin_many_questions import large


class LeavingAPage(StaffTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop = large(self.world, 60)
        self.asked: list[str] = []

    def shown(self, path: str) -> Page:
        """The page; whoever is asked stays on it."""
        page = self.admin(path)
        page.on("dialog", self.stay)
        expect(page.locator("#content-main form[method=post]")).to_be_visible()
        return page

    def stay(self, dialog: Dialog) -> None:
        self.asked.append(dialog.type)
        dialog.dismiss()

    def leave(self, page: Page) -> None:
        """Turn the page of questions."""
        page.locator(".inline-pagination").get_by_role("link", name="2").click()

    def test_with_what_was_typed_asks_first(self) -> None:
        page = self.shown(f"/admin/robots/shop/{self.shop.pk}/change/")
        page.locator("#id_faqs-0-answer").fill("改了")
        self.leave(page)
        expect(page.locator("#id_faqs-0-answer")).to_have_value("改了")
        self.assertEqual(self.asked, ["beforeunload"])

    def test_with_rows_that_were_dragged_asks_first(self) -> None:
        page = self.shown(f"/admin/robots/shop/{self.shop.pk}/change/")
        rows = page.locator("#faqs-data tbody.original")
        rows.nth(2).locator("[x-sort\\:handle]").drag_to(rows.nth(0).locator("[x-sort\\:handle]"))
        expect(page.locator("#id_faqs-2-position")).to_have_value("10")
        self.leave(page)
        expect(page.locator("#id_faqs-2-position")).to_have_value("10")
        self.assertEqual(self.asked, ["beforeunload"])

    def test_with_what_was_refused_asks_first(self) -> None:
        page = self.shown(f"/admin/robots/shop/{self.shop.pk}/change/")
        page.locator("#id_faqs-0-answer").fill("")
        page.click("[name=_continue]")
        expect(page.locator(".errornote")).to_be_visible()
        self.leave(page)
        expect(page.locator(".errornote")).to_be_visible()
        self.assertEqual(self.asked, ["beforeunload"])

    def test_as_it_was_asks_nothing(self) -> None:
        page = self.shown(f"/admin/robots/shop/{self.shop.pk}/change/")
        page.locator("#id_faqs-0-answer").fill("改了")
        page.locator("#id_faqs-0-answer").fill("答案1")
        self.leave(page)
        expect(page.locator("#id_faqs-0-answer")).to_have_value("答案51")
        self.assertEqual(self.asked, [])

    def test_by_saving_it_asks_nothing(self) -> None:
        page = self.shown(f"/admin/accounts/account/{self.shop.account_id}/change/")
        page.fill("[name=nickname]", "新名字")
        page.click("[name=_save]")
        expect(page.get_by_text("was changed successfully")).to_be_visible()
        self.assertEqual(self.asked, [])
