"""What the chat page keeps of what people wrote, and for whom."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import WebSocket, expect

from chat.models import Block
from tests.chat_pages import ChatPageTest

NO_ROOM = """() => {
    for (let size = 1 << 20, number = 0; size >= 1; size >>= 1) {
        try {
            for (;;) localStorage.setItem(`full.${number++}`, 'x'.repeat(size));
        } catch {
            // So much is too much now.
        }
    }
}"""
FORBIDDEN = """for (const name of ['localStorage', 'sessionStorage', 'BroadcastChannel']) {
    Object.defineProperty(window, name, { get() { throw new DOMException('forbidden', 'SecurityError'); } });
}"""
NOTE = "没写完和没发出的内容在关闭或刷新页面后会丢失"


class WhatWasWritten(ChatPageTest):
    def test_is_shown_and_sent_for_nobody_else_in_the_same_browser(self) -> None:
        self.world.accounts("ann", "ann.b", "bob")
        context = self.browser()
        page = self.enter("ann.b", context, path="/chat/#%")
        self.talk(page, "bob")
        other = self.open(context, self.of_this_app("/chat/"))
        other.wait_for_function("() => performance.getEntries().some((one) => one.name.endsWith('settings.js'))")
        self.cut(page)
        self.write(page, "秘密")
        expect(page.locator(".ticks.waiting")).to_be_visible()
        page.get_by_role("textbox", name="发消息给 bob").fill("没写完")
        other.bring_to_front()
        other.get_by_role("button", name="设置").click()
        other.get_by_role("button", name="退出登录").click()
        page.bring_to_front()
        expect(page.get_by_label("密码")).to_be_visible()
        self.mend(page)
        self.sign_in(page, "ann")
        expect(page.get_by_text("选一个会话，开始聊天")).to_be_visible()
        self.talk(page, "bob")
        expect(page.get_by_role("textbox", name="发消息给 bob")).to_have_value("")
        self.write(page, "你好")
        expect(page.locator(".ticks.sent")).to_be_visible()
        expect(self.said(page)).to_have_text(["你好"])
        self.assertEqual(self.world.messages().count(), 1)

    def test_and_was_not_taken_waits_for_another_attempt_or_its_end(self) -> None:
        self.world.accounts("ann", "bob")
        block = Block(owner=self.world.get("bob"), blocked=self.world.get("ann"))
        block.save(using=self.world.alias)
        page = self.talk(self.enter("ann"), "bob")
        for words in ("一", "二"):
            self.write(page, words)
        failed = page.locator(".ticks.failed")
        expect(failed).to_have_count(2)
        page.reload()
        expect(failed).to_have_text([re.compile("对方不接收你的消息")] * 2)
        page.get_by_role("button", name="删除这条").first.click()
        block.delete(using=self.world.alias)
        page.reload()
        expect(self.said(page)).to_have_text(["二"])
        page.get_by_role("button", name="重试").click()
        expect(page.locator(".ticks.sent")).to_be_visible()
        page.reload()
        expect(self.said(page)).to_have_text(["二"])
        expect(page.locator(".ticks.sent")).to_be_visible()


class WhereABrowserKeepsNothing(ChatPageTest):
    def test_words_last_as_long_as_the_page_which_is_told_once(self) -> None:
        self.world.accounts("ann", "bob", "cat")
        page = self.talk(self.enter("ann"), "bob")
        page.evaluate(NO_ROOM)
        box = page.get_by_role("textbox", name="发消息给 bob")
        box.fill("没写完")
        page.get_by_role("status").filter(has_text=NOTE).get_by_role("button", name="知道了").click()
        self.talk(page, "cat")
        self.cut(page)
        self.write(page, "在吗")
        expect(page.locator(".ticks.waiting")).to_be_visible()
        page.evaluate("location.hash = 'bob'")
        expect(box).to_have_value("没写完")
        expect(page.get_by_text(NOTE)).to_have_count(0)
        page.evaluate("location.hash = 'cat'")
        self.mend(page)
        expect(page.locator(".ticks.sent")).to_be_visible()
        expect(self.said(page)).to_have_text(["在吗"])

    def test_the_desk_is_used_as_anywhere(self) -> None:
        self.world.account("ann")
        self.world.shop("shop", 17, {})
        self.world.said("ann", "shop", {"type": "txt", "content": "在吗"})
        context = self.browser()
        context.add_init_script(FORBIDDEN)
        page = self.enter("shop", context, path="/desk/#ann")
        self.write(page, "在的")
        expect(page.locator(".ticks.sent")).to_be_visible()
        expect(page.get_by_text(NOTE)).to_be_visible()


class AConversation(ChatPageTest):
    def test_that_was_deleted_and_began_anew_misses_nothing_after_a_cut(self) -> None:
        self.world.accounts("ann", "bob")
        page, bob = self.talk(self.enter("ann"), "bob"), self.talk(self.enter("bob"), "ann")
        self.write(page, "一")
        expect(page.locator(".ticks.read")).to_be_visible()
        page.locator(".row").hover()
        page.get_by_role("button", name="更多: bob").click()
        page.get_by_role("menuitem", name="删除").click()
        page.get_by_role("dialog").get_by_role("button", name="删除").click()
        expect(page.get_by_text("还没有会话")).to_be_visible()
        self.write(bob, "二")
        expect(page.get_by_role("button", name=re.compile("bob.*二"))).to_be_visible()
        self.cut(page)
        self.write(bob, "三")
        expect(bob.locator(".ticks.sent")).to_have_count(2)
        self.mend(page)
        page.get_by_role("button", name=re.compile("bob.*三")).click()
        expect(self.said(page)).to_have_text(["二", "三"])

    def test_shows_nowhere_what_was_taken_back_though_the_clock_is_wrong(self) -> None:
        self.world.accounts("ann", "bob")
        context = self.browser()
        context.clock.set_system_time(datetime.now(UTC) + timedelta(minutes=10))
        page, bob = self.talk(self.enter("ann", context), "bob"), self.enter("bob")
        self.write(page, "说错了")
        row = bob.get_by_role("button", name=re.compile("ann.*说错了"))
        expect(row).to_be_visible()
        page.locator(".line").hover()
        page.locator(".line-menu").get_by_role("button").click()
        page.get_by_role("menuitem", name="撤回").click()
        expect(page.get_by_text("你撤回了一条消息")).to_be_visible()
        for shown in (page, bob):
            expect(shown.locator(".row-preview")).to_have_text("消息已撤回")

    def test_of_somebody_new_costs_one_question_however_long_the_list_is(self) -> None:
        self.world.accounts("ann", "bob")
        self.world.many_conversations("ann", 150)
        page = self.open(self.browser(), self.of_this_app("/chat/"))
        asked: list[str] = []

        def listen(line: WebSocket) -> None:
            line.on("framesent", lambda frame: asked.append(str(frame)))

        page.on("websocket", listen)
        self.sign_in(page, "ann")
        expect(page.locator(".row").first).to_have_attribute("aria-setsize", "150")
        self.write(self.talk(self.enter("bob"), "ann"), "新来的")
        expect(page.get_by_role("button", name=re.compile("bob.*新来的"))).to_be_visible()
        self.assertEqual(len([frame for frame in asked if '"users"' in frame]), 3)
