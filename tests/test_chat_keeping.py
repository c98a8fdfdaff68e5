"""What the chat page keeps of what people wrote, and for whom."""

import re

from playwright.sync_api import expect

from chat.models import Block
from tests.chat_pages import ChatPageTest


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
        context.set_offline(False)
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
