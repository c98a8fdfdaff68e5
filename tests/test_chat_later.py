"""What the pages fetch when it is needed: it is there without a line, and says so where it is not."""

from playwright.sync_api import expect

from tests.chat_pages import ChatPageTest


class WhatIsFetchedLater(ChatPageTest):
    def test_is_there_without_a_line_once_the_page_has_rested(self) -> None:
        self.world.accounts("ann", "bob")
        page = self.talk(self.enter("ann"), "bob")
        for name in ("settings.js", "emoji.js"):
            page.wait_for_function(
                "(name) => performance.getEntries().some((one) => one.name.endsWith(name))", arg=name
            )
        self.cut(page)
        page.get_by_role("button", name="表情").click()
        page.get_by_role("button", name="😀").click()
        expect(page.get_by_role("textbox", name="发消息给 bob")).to_have_value("😀")
        page.get_by_role("button", name="设置").click()
        expect(page.get_by_role("dialog", name="设置")).to_be_visible()

    def test_says_that_it_cannot_be_had_and_comes_when_it_can(self) -> None:
        self.world.account("ann")
        context = self.browser()
        context.route("**/settings.js*", lambda route: route.abort())
        page = self.enter("ann", context)
        page.get_by_role("button", name="设置").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("alert")).to_contain_text("连接不上服务器")
        context.unroute("**/settings.js*")
        dialog.get_by_role("button", name="重试").click()
        expect(page.get_by_role("dialog", name="设置")).to_be_visible()
