"""The pages in English: axe-core finds nothing by day or by night. What it sees in Chinese stands with each page."""

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.chat_pages import ChatPageTest
from tests.javascript.tools import missing_for_javascript
from tests.test_chat_keeping import NO_ROOM
from tests.world import PASSWORD


class InEnglish(ChatPageTest):
    def setUp(self) -> None:
        if missing := missing_for_javascript():
            self.skipTest(f"{missing} is not installed")
        super().setUp()
        self.world.accounts("ann", "bob")
        self.world.shop("shop", 17, {1: ("包邮吗", "本店全场包邮")}, guests=True)

    def browser(self, **options: Any) -> BrowserContext:
        return super().browser(**{"locale": "en-US", **options})

    def sign_in(self, page: Page, account: str) -> None:
        page.get_by_label("Account", exact=True).fill(account)
        page.get_by_label("Password").fill(PASSWORD)
        self.inspect(page, "the door")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_label("Password")).to_be_hidden()

    def test_the_door_and_the_chat_page_can_be_used_by_everybody(self) -> None:
        self.world.history("ann", "bob", 60)
        self.world.conversations().filter(owner__name="ann").update(unread=25)
        page = self.enter("ann")
        page.locator(".row-open").click()
        expect(page.get_by_role("button", name="25 unread", exact=True)).to_be_visible()
        page.evaluate(NO_ROOM)
        page.get_by_role("textbox", name="Write to bob").fill("not finished")
        expect(page.get_by_text("This browser keeps nothing more")).to_be_visible()
        self.inspect(page, "a conversation")
        page.get_by_role("button", name="Settings").click()
        self.inspect(page, "the settings")

    def test_the_desk_can_be_used_by_everybody(self) -> None:
        self.world.said("ann", "shop", {"type": "txt", "content": "包邮吗"})
        page = self.enter("shop", path="/desk/#ann")
        expect(page.locator(".is-fitting")).to_be_visible()
        self.inspect(page, "the desk")

    def test_the_widget_can_be_used_by_everybody(self) -> None:
        page = self.open(self.browser(), f"/widget/?appid={self.world.appid}&shop=17&lang=en")
        page.evaluate("postMessage({ shopChat: 'open', open: true }, location.origin)")
        page.get_by_role("textbox").fill("Do you ship abroad?")
        page.get_by_role("textbox").press("Enter")
        expect(page.locator(".ticks.sent")).to_be_visible()
        self.inspect(page, "the widget")
