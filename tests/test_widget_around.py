"""The widget and the page around it: pages that change, keep nothing, have other tabs, or a keyboard on the screen."""

import re
import time
from typing import Any

from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.test_widget import WidgetTest

NOTHING_KEPT = """Object.defineProperty(window, 'localStorage', {
    get() { throw new DOMException('forbidden', 'SecurityError'); }
})"""
ANOTHER_PAGE = """() => {
    history.pushState(null, '', '/home');
    requestAnimationFrame(() => { document.title = '首页'; });
}"""
A_FIELD = """() => {
    const field = document.createElement('input');
    document.body.append(field);
    field.addEventListener('keydown', (event) => field.dataset.uses && event.preventDefault());
    field.focus();
}"""
CLICK_AT = "(button, moment) => setTimeout(() => button.click(), moment - Date.now())"
KEYBOARD = """(height) => {
    Object.defineProperty(visualViewport, 'height', { get: () => height, configurable: true });
    Object.defineProperty(visualViewport, 'offsetTop', { get: () => 30, configurable: true });
    visualViewport.dispatchEvent(new Event('resize'));
}"""


class AroundTest(WidgetTest):
    def bubble(self, page: Page) -> Any:
        return page.get_by_role("button", name="联系客服")

    def wrote(self, page: Page, text: str) -> FrameLocator:
        frame = self.opened(page)
        self.tell(frame, text)
        expect(frame.locator(".ticks.sent")).to_be_visible()
        return frame

    def desk(self) -> Page:
        """The shop's people, who see the guest's conversation."""
        desk = self.enter("shop", path="/desk/")
        desk.get_by_role("button", name=re.compile("访客.*在吗")).click()
        return desk


class APageThatBecomesAnother(AroundTest):
    def test_is_told_with_the_title_that_it_gets_afterwards(self) -> None:
        page = self.visit()
        self.wrote(page, "在吗")
        page.evaluate(ANOTHER_PAGE)
        visit = self.desk().locator(".visit")
        expect(visit).to_have_text(f"首页 {self.site.origin}/home")
        page.evaluate("document.title = '关于'; history.pushState(null, '', '/about')")
        expect(visit).to_have_text(f"关于 {self.site.origin}/about")

    def test_keeps_its_chat_when_it_gets_a_new_body(self) -> None:
        page = self.visit()
        self.wrote(page, "在吗")
        page.evaluate("document.body = document.createElement('body')")
        frame = page.frame_locator("iframe[title]")
        expect(frame.locator(".bubble .text")).to_have_text("在吗")
        self.tell(frame, "还在吗")
        expect(frame.locator(".bubble .text")).to_have_text(["在吗", "还在吗"])
        expect(page.locator("shop-chat")).to_have_count(1)


class OtherTabs(AroundTest):
    def test_learn_that_the_visitor_has_written(self) -> None:
        context = self.browser()
        other, page = self.visit(context), self.visit(context)
        expect(self.bubble(other)).to_be_visible()
        self.wrote(page, "在吗")
        page.keyboard.press("Escape")
        expect(self.bubble(page)).to_be_focused()
        self.write(self.desk(), "在的")
        expect(other.get_by_role("button", name="联系客服，1 条未读")).to_be_visible()
        self.assertEqual(self.guests.count(), 1)


class OtherTabsWhereFramesKeepThings(OtherTabs):
    host = "127.0.0.1"


class TabsThatSpeakFirstAtOnce(AroundTest):
    def test_are_one_visitor_and_show_one_conversation(self) -> None:
        context = self.browser()
        frames = [self.opened(self.visit(context)) for _ in range(2)]
        for frame, text in zip(frames, ("一", "二"), strict=True):
            frame.get_by_role("textbox").fill(text)
        soon = time.time() * 1000 + 300
        for frame in frames:
            frame.get_by_role("button", name="发送", exact=True).evaluate(CLICK_AT, soon)
        for frame in frames:
            expect(frame.locator(".ticks.sent")).to_have_count(2)
            self.assertEqual(sorted(frame.locator(".bubble .text").all_inner_texts()), ["一", "二"])
        self.assertEqual(self.guests.count(), 1)


class TabsThatSpeakFirstAtOnceWhereFramesKeepThings(TabsThatSpeakFirstAtOnce):
    host = "127.0.0.1"


class TabsThatSpeakFirstAtOnceWithoutLocks(TabsThatSpeakFirstAtOnceWhereFramesKeepThings):
    def browser(self, **options: Any) -> BrowserContext:
        context = super().browser(**options)
        context.add_init_script("Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });")
        return context


class WhereNothingMayBeKept(AroundTest):
    def test_the_visitor_writes_and_is_told_what_is_lost(self) -> None:
        context = self.browser()
        context.add_init_script(NOTHING_KEPT)
        frame = self.wrote(self.visit(context), "在吗")
        expect(frame.get_by_text("您的浏览器在这里不保存任何内容")).to_be_visible()
        self.write(self.desk(), "在的")
        expect(frame.locator(".bubble .text")).to_have_text(["在吗", "在的"])

    def test_the_frame_says_nothing_of_it_where_the_page_keeps_it(self) -> None:
        frame = self.wrote(self.visit(), "在吗")
        expect(frame.get_by_text("您的浏览器在这里不保存任何内容")).to_have_count(0)


class Keys(AroundTest):
    def test_escape_leaves_the_focus_where_it_is_on_the_page_and_means_the_chat_only_if_nothing_else(self) -> None:
        page = self.visit()
        self.opened(page)
        page.evaluate(A_FIELD)
        field, panel = page.locator("input"), page.get_by_role("dialog", name="客服对话")
        field.evaluate("(field) => { field.dataset.uses = 'escape'; }")
        field.press("Escape")
        expect(panel).to_be_visible()
        field.evaluate("(field) => { delete field.dataset.uses; }")
        field.press("Escape")
        expect(panel).to_be_hidden()
        expect(field).to_be_focused()


class AKeyboardOnTheScreen(AroundTest):
    def test_covers_nothing_of_the_chat(self) -> None:
        page = self.visit(viewport={"width": 360, "height": 740})
        self.opened(page)
        page.evaluate(KEYBOARD, 400)
        box = page.locator("iframe").bounding_box()
        assert box is not None
        self.assertEqual((box["y"], box["height"]), (30, 400))
        page.set_viewport_size({"width": 1000, "height": 740})
        expect(page.locator("iframe")).to_have_css("height", f"{740 - 110}px")
        box = page.locator("iframe").bounding_box()
        assert box is not None
        self.assertEqual(box["y"] + box["height"], 740 - 88)
