"""The admin's pages in another language than the browser's: chosen at the door, or in one's menu."""

from playwright.sync_api import Page, expect

from tests.admin_browser import StaffTest


class ChoosingALanguage(StaffTest):
    PATH = "/admin/auth/user/?q=staff"

    def choose(self, page: Page, language: str) -> None:
        page.get_by_role("form", name="Language" if language == "简体中文" else "语言").get_by_role(
            "button", name=language
        ).click()

    def test_at_the_door_holds_behind_it(self) -> None:
        page = self.open(self.browser(locale="en"), self.PATH)
        self.choose(page, "简体中文")
        expect(page.get_by_role("button", name="登录")).to_be_visible()
        self.assertTrue(page.url.endswith("/admin/login/?next=/admin/auth/user/%3Fq%3Dstaff"), page.url)

    def test_in_ones_menu_leads_back_to_the_page(self) -> None:
        page = self.admin(self.PATH)
        page.get_by_text("unfold_more").last.click()
        self.choose(page, "简体中文")
        expect(page.get_by_role("columnheader", name="用户名")).to_be_visible()
        self.assertTrue(page.url.endswith(self.PATH), page.url)
        page.get_by_text("unfold_more").last.click()
        self.choose(page, "English")
        expect(page.get_by_role("columnheader", name="Username")).to_be_visible()
