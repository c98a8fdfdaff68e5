"""The chat page for everybody: with fingers, with the keyboard alone, with a screen reader, and at any size."""

import re
from typing import Any

from playwright.sync_api import expect

from chat.models import Block
from tests.chat_pages import TWICE_THE_SIZE, ChatPageTest
from tests.javascript.tools import missing_for_javascript
from tests.world import PASSWORD

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


class TheChatPage(ChatPageTest):
    def test_can_be_used_by_everybody(self) -> None:
        if missing := missing_for_javascript():
            self.skipTest(f"{missing} is not installed")
        self.world.accounts("ann", "bob")
        for content in ("你好", "看 https://example.com"):
            self.world.said("bob", "ann", {"type": "txt", "content": content})
        self.world.said("ann", "bob", {"type": "audio", "content": "8|a.mp3"})
        page = self.open(self.browser(), self.of_this_app("/chat/"))
        page.get_by_label("账号", exact=True).fill("nobody")
        page.get_by_label("密码").fill("wrong")
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("alert")).not_to_be_empty()
        self.inspect(page, "the door, with an error")
        page = self.enter("ann")
        page.locator(".row-open").click()
        expect(self.said(page)).to_have_count(2)
        page.locator(".line").first.hover()
        page.locator(".line-menu").first.get_by_role("button").click()
        self.inspect(page, "a conversation with an open menu")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="设置").click()
        self.inspect(page, "the settings")

    def test_can_be_used_by_everybody_on_a_phone(self) -> None:
        if missing := missing_for_javascript():
            self.skipTest(f"{missing} is not installed")
        self.world.accounts("ann", "bob")
        self.world.said("bob", "ann", {"type": "txt", "content": "看 https://example.com"})
        self.world.said(
            "ann", "bob", {"type": "file", "content": "a.pdf", "data": {"name": "尺码表.pdf", "size": 9000}}
        )
        phone = self.browser(**PHONE)
        self.inspect(self.open(phone, "/chat/"), "the door")
        page = self.enter("ann", phone)
        self.inspect(page, "the list")
        page.get_by_role("button", name="更多: bob").tap()
        page.get_by_role("menuitem", name="删除").tap()
        self.inspect(page, "a dialog")
        page.get_by_role("button", name="取消").tap()
        page.locator(".row-open").tap()
        expect(self.said(page)).to_have_count(1)
        page.locator(".bubble.is-txt").tap(position={"x": 5, "y": 5})
        expect(page.locator(".line-menu").get_by_role("button")).to_be_visible()
        self.inspect(page, "a conversation")
        small = """() => [...document.querySelectorAll('button, input, textarea, [role=menuitem]')]
            .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.hidden)
            .filter((one) => Math.min(one.offsetWidth, one.offsetHeight) < 44).map((one) => one.outerHTML)"""
        self.assertEqual(page.evaluate(small), [])

    def test_shows_what_was_not_taken_and_why_on_a_phone(self) -> None:
        self.world.accounts("ann", "bob")
        Block(owner=self.world.get("bob"), blocked=self.world.get("ann")).save(using=self.world.alias)
        page = self.talk(self.enter("ann", self.browser(**PHONE)), "bob")
        page.get_by_role("textbox", name="发消息给 bob").fill("明天能送到吗？")
        page.get_by_role("button", name="发送", exact=True).tap()
        again = page.get_by_role("button", name="重试")
        self.see_whole(page, self.said(page), page.get_by_text("对方不接收你的消息"), again)
        self.assertEqual(self.said(page).evaluate("(text) => text.getClientRects().length"), 1, "lines")

    def test_can_be_used_where_the_keyboard_lies_over_the_page(self) -> None:
        self.world.accounts("ann", "bob")
        phone = self.browser(**PHONE)
        phone.add_init_script(
            "window.seen = Object.assign(new EventTarget(), { scale: 1, height: 740 });"
            "Object.defineProperty(window, 'visualViewport', { value: seen });"
        )
        page = self.enter("ann", phone, path="/chat/#bob")
        box = page.get_by_role("textbox", name="发消息给 bob")
        for height in (400, 740):
            page.evaluate("(height) => { seen.height = height; seen.dispatchEvent(new Event('resize')); }", height)
            expect(page.locator(".app")).to_have_css("height", f"{height}px")
            self.see_whole(page, box)

    def test_can_be_used_with_the_keyboard_alone(self) -> None:
        self.world.accounts("ann", "bob")
        self.world.said("bob", "ann", {"type": "txt", "content": "在吗"})
        page = self.open(self.browser(), self.of_this_app("/chat/"))
        expect(page.get_by_label("密码")).to_be_visible()
        for text in ("ann", PASSWORD):
            page.keyboard.press("Tab")
            page.keyboard.type(text)
        page.keyboard.press("Enter")
        row = page.get_by_role("button", name=re.compile("^bob"))
        expect(row).to_be_visible()
        for stop in (page.get_by_role("button", name="设置"), page.get_by_role("searchbox"), row):
            page.keyboard.press("Tab")
            expect(stop).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("textbox", name="发消息给 bob")).to_be_focused()
        page.keyboard.type("在的")
        page.keyboard.press("Enter")
        expect(self.said(page)).to_have_text(["在吗", "在的"])

    def test_fits_every_width(self) -> None:
        self.world.accounts("ann", "bob")
        self.world.said("bob", "ann", {"type": "txt", "content": "x" * 400})
        page = self.enter("ann")
        for width in (320, 360, 768, 1440):
            with self.subTest(width):
                page.set_viewport_size({"width": width, "height": 740})
                page.goto(page.url.partition("#")[0] + "#bob")
                expect(self.said(page)).to_be_visible()
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)

    def test_can_be_used_at_twice_the_size(self) -> None:
        self.world.accounts("ann", "bob")
        for number in range(12):
            self.world.said("bob", "ann", {"type": "txt", "content": f"第 {number} 条"})
        page = self.open(self.browser(**TWICE_THE_SIZE), self.of_this_app("/chat/"))
        self.see_whole(page, page.get_by_label("账号", exact=True), page.get_by_label("密码"))
        page.get_by_role("button", name="登录", exact=True).scroll_into_view_if_needed()
        self.sign_in(page, "ann")
        row = page.get_by_role("button", name=re.compile("^bob"))
        self.see_whole(page, page.get_by_role("searchbox"), row)
        row.click()
        box = page.get_by_role("textbox", name="发消息给 bob")
        self.see_whole(page, page.get_by_role("heading", name="bob"), self.said(page).last, box)
        box.fill("一行\n" * 12)
        self.see_whole(page, page.get_by_role("button", name="发送", exact=True))
        box.fill("在的")
        box.press("Enter")
        expect(self.said(page)).to_have_count(13)
        self.see_whole(page, self.said(page).last, box)
