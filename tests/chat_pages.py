"""What tests of the chat page and of the desk share: people at browsers who sign in and write."""

import re
from typing import Any, Literal

from playwright.sync_api import BrowserContext, Frame, Locator, Page, expect

from tests.browser import BrowserTest
from tests.javascript.tools import PACKAGES
from tests.world import PASSWORD

STILL = """Promise.all(
    document.getAnimations()
        .filter((animation) => animation.effect.getTiming().iterations !== Infinity)
        .map((animation) => animation.finished.catch(() => {}))
)"""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TWICE_THE_SIZE: dict[str, Any] = {"viewport": {"width": 640, "height": 360}, "device_scale_factor": 2}
"""A screen of 1280 × 720 at 200 %."""
FINDINGS = """axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html + node.failureSummary)])
)"""


class ChatPageTest(BrowserTest):
    maxDiff = None

    def enter(self, account: str, context: BrowserContext | None = None, path: str = "/chat/", **options: Any) -> Page:
        """A tab in which the account is signed in."""
        page = self.open(context or self.browser(**options), self.of_this_app(path))
        self.sign_in(page, account)
        return page

    def sign_in(self, page: Page, account: str) -> None:
        page.get_by_label("账号", exact=True).fill(account)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_label("密码")).to_be_hidden()

    def of_this_app(self, path: str) -> str:
        place, _, fragment = path.partition("#")
        return f"{place}{'&' if '?' in place else '?'}appid={self.world.appid}#{fragment}"

    def talk(self, page: Page, name: str) -> Page:
        """Begin a conversation by the other account's name."""
        page.get_by_role("searchbox").fill(name)
        page.get_by_role("button", name=f"和“{name}”聊天").click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        return page

    def write(self, page: Page, text: str) -> None:
        box = page.get_by_role("textbox", name=re.compile("发消息给"))
        box.fill(text)
        box.press("Enter")

    def said(self, page: Page) -> Locator:
        return page.locator(".bubble .text")

    def cut(self, page: Page) -> None:
        """No network; the line that there was is gone, and no other one comes."""
        page.evaluate("lineIsCut = true; chatLines.forEach((socket) => socket.close())")
        page.context.set_offline(True)

    def mend(self, page: Page) -> None:
        page.context.set_offline(False)
        page.evaluate("lineIsCut = false; dispatchEvent(new Event('online'))")

    def browser(self, **options: Any) -> BrowserContext:
        context = super().browser(**options)
        context.add_init_script(
            """
            window.chatLines = []; window.lineIsCut = false; const Real = WebSocket;
            window.WebSocket = function (url) {
                const line = new Real(url);
                chatLines.push(line);
                if (lineIsCut) line.close();
                return line;
            };
            """
        )
        return context

    def inspect(self, page: Page, place: str) -> None:
        """axe-core finds nothing, by day and by night."""
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            self.inspect_frame(page.main_frame, f"{place}, {scheme}")

    def inspect_frame(self, frame: Frame, place: str) -> None:
        """axe-core finds nothing here, once nothing moves any more."""
        frame.evaluate(STILL)
        if not frame.evaluate("'axe' in window"):
            frame.evaluate((PACKAGES / "axe-core" / "axe.min.js").read_text())
        self.assertEqual(frame.evaluate(FINDINGS), [], place)

    def see_whole(self, page: Page, *parts: Locator) -> None:
        """These are to be seen, no pixel of them beyond an edge, and nothing scrolls sideways."""
        for part in parts:
            expect(part).to_be_in_viewport(ratio=1)
        self.assertLessEqual(*page.evaluate("[document.documentElement.scrollWidth, innerWidth]"))
