"""A notification is looked at in a real browser before it is sent."""

from playwright.sync_api import expect

from tests.admin_browser import StaffTest

WORDS = "双十一活动开始啦\n全场包邮"


class APreview(StaffTest):
    def test_is_changed_and_then_sent(self) -> None:
        self.world.accounts("ann", "bob")
        page = self.admin(f"/admin/chat/notification/add/?app={self.world.app.pk}", locale="zh-CN")
        page.fill("[name=text]", "双十二")
        page.get_by_role("button", name="预览").click()
        expect(page.locator(".talk-bubble")).to_have_text("双十二")
        page.get_by_role("button", name="修改").click()
        expect(page.locator("[name=text]")).to_have_value("双十二")
        page.fill("[name=text]", WORDS)
        page.get_by_role("button", name="预览").click()
        expect(page.locator(".talk-bubble")).to_have_text(WORDS)
        page.get_by_role("button", name="发送给 2 个账号").click()
        expect(page.get_by_text("已通知 2 个账号").first).to_be_visible()
        self.assertEqual(self.complaints, [])
