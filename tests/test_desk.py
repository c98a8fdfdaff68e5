"""The desk in a real browser: what the people of a shop see and do there."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from robots.models import QuickReply
from tests.chat_pages import TWICE_THE_SIZE, ChatPageTest
from tests.javascript.tools import missing_for_javascript

FAQS = {1: ("发什么快递", "发顺丰"), 2: ("包邮吗", "本店全场包邮"), 3: ("多久发货", "拍下后 48 小时内发货")}
GOODS = {"goods_id": 9, "goods_name": "羊毛外套", "goods_cover": "", "goods_price": "199"}


class DeskTest(ChatPageTest):
    def setUp(self) -> None:
        super().setUp()
        self.world.accounts("ann", "bob")
        self.shop = self.world.shop("shop", 17, FAQS)
        self.world.said("bob", "shop", {"type": "txt", "content": "在吗"})
        self.world.said("ann", "shop", {"type": "goods", "content": "商品", "data": GOODS})
        self.world.said("ann", "shop", {"type": "txt", "content": "亲，这件包邮吗？"})

    def desk(self, customer: str = "", **options: Any) -> Page:
        """The desk of the shop's people, with the conversation with that customer."""
        page = self.enter("shop", path="/desk/" + (f"#{customer}" if customer else ""), **options)
        if customer:
            expect(page.get_by_role("textbox", name=f"发消息给 {customer}")).to_be_visible()
        return page

    def keep(self, shortcut: str, text: str) -> None:
        QuickReply.objects.using(self.world.alias).create(shop=self.shop, shortcut=shortcut, text=text)


class ThePanel(DeskTest):
    def test_tells_who_the_customer_is_and_puts_an_answer_into_the_box(self) -> None:
        page = self.desk("ann")
        panel = page.get_by_role("complementary", name="顾客与话术")
        expect(panel.get_by_role("heading", name="ann")).to_be_visible()
        expect(panel.locator("dd").nth(2)).to_have_text("今天")
        expect(panel.locator(".goods-name")).to_have_text("羊毛外套")
        expect(panel.locator(".is-fitting")).to_have_text("包邮吗 本店全场包邮")
        panel.get_by_role("searchbox").fill("发货")
        panel.get_by_role("button", name="多久发货").click()
        box = page.get_by_role("textbox", name="发消息给 ann")
        expect(box).to_have_value("拍下后 48 小时内发货")
        expect(box).to_be_focused()

    def test_asks_about_nobody_before_anything_was_said(self) -> None:
        self.world.account("carl")
        page = self.desk()
        refused: list[str] = []
        page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None)
        page.evaluate("location.hash = 'carl'")
        since = page.get_by_role("complementary", name="顾客与话术").locator("dd").nth(2)
        expect(since).to_have_text("未知")
        self.write(page, "您好")
        expect(since).to_have_text("今天")
        self.assertEqual(refused, [])

    def test_is_a_sheet_on_a_phone(self) -> None:
        page = self.desk("ann", viewport={"width": 360, "height": 740})
        page.get_by_role("button", name="顾客与话术").click()
        sheet = page.get_by_role("dialog", name="顾客与话术")
        sheet.get_by_role("button", name="包邮吗").click()
        expect(sheet).to_be_hidden()
        box = page.get_by_role("textbox", name="发消息给 ann")
        expect(box).to_have_value("本店全场包邮")
        expect(box).to_be_focused()
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 360)


class QuickReplies(DeskTest):
    def test_are_kept_for_the_shop_and_chosen_with_a_slash(self) -> None:
        self.keep("再见", "{name}，欢迎再来")
        page = self.desk("ann")
        page.get_by_role("tab", name="快捷短语").click()
        page.get_by_role("button", name="新建快捷短语").click()
        page.get_by_label("短语代码").fill("hi")
        page.get_by_label("内容，{name} 会换成顾客的名字").fill("您好 {name}，请问有什么可以帮您？")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        box = page.get_by_role("textbox", name="发消息给 ann")
        box.fill("/")
        options = page.get_by_role("option")
        expect(options).to_have_text(["/hi 您好 ann，请问有什么可以帮您？", "/再见 ann，欢迎再来"])
        box.press("ArrowDown")
        expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        box.press("Enter")
        expect(box).to_have_value("ann，欢迎再来")
        box.fill("/h")
        box.press("Tab")
        box.press("Enter")
        expect(self.said(page).last).to_have_text("您好 ann，请问有什么可以帮您？")

    def test_are_changed_and_removed(self) -> None:
        self.keep("hi", "您好")
        self.keep("bye", "再见")
        context = self.browser()
        page = self.desk("ann", context=context)
        other = self.open(context, self.of_this_app("/desk/#ann"))
        for tab in (other, page):
            # Nothing is drawn in a tab that nobody sees, and Playwright waits for it.
            tab.bring_to_front()
            tab.get_by_role("tab", name="快捷短语").click()
        page.get_by_role("button", name="修改“/hi”").click()
        page.get_by_label("短语代码").fill("bye")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("alert").filter(has_text="代码")).to_have_text("已有快捷短语使用这个代码")
        page.get_by_label("短语代码").fill("hello")
        page.get_by_label("短语代码").select_text()
        page.mouse.move(640, 400)
        page.mouse.down()
        page.mouse.move(10, 10)
        page.mouse.up()
        page.get_by_role("dialog").click(position={"x": 5, "y": 5})
        page.get_by_role("button", name="保存").click()
        page.get_by_role("button", name="修改“/bye”").click()
        page.get_by_role("dialog").get_by_role("button", name="删除").click()
        for tab in (page, other):
            expect(tab.locator(".quick-reply kbd")).to_have_text(["/hello"])

    def test_come_once_the_server_has_an_answer_again(self) -> None:
        self.keep("hi", "您好")
        context = self.browser()
        for place in ("**/api/me/", "**/quick-replies/"):
            context.route(place, lambda route: route.fulfill(status=503, json={"code": "unavailable"}), times=1)
        context.clock.install()
        page = self.desk("ann", context=context)
        page.get_by_role("tab", name="快捷短语").click()
        context.clock.fast_forward("00:30")
        expect(page.locator(".quick-reply kbd")).to_have_text(["/hi"])


class TheDesk(DeskTest):
    def test_shows_who_waits_first_and_goes_by_the_keyboard_alone(self) -> None:
        self.world.account("old")
        self.world.said("shop", "old", {"type": "txt", "content": "谢谢惠顾"})
        page = self.desk()
        rows = page.locator(".row-name")
        expect(rows).to_have_text(["ann", "bob", "old"])
        page.keyboard.press("Alt+ArrowDown")
        expect(page.get_by_role("textbox", name="发消息给 ann")).to_be_focused()
        page.keyboard.press("Alt+Shift+ArrowDown")
        expect(page.get_by_role("textbox", name="发消息给 bob")).to_be_focused()
        expect(rows).to_have_text(["bob", "old", "ann"])
        page.get_by_role("button", name=re.compile("^未读")).click()
        expect(rows).to_have_text(["bob"])
        page.keyboard.press("Alt+A")
        expect(page.get_by_role("searchbox", name="搜索问题和答案")).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.get_by_role("textbox", name="发消息给 bob")).to_have_value("发顺丰")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()

    def test_is_offered_to_shops_on_the_chat_page_and_to_nobody_else(self) -> None:
        context = self.browser()
        page = self.enter("shop", context)
        page.get_by_role("link", name="打开客服工作台").click()
        expect(page.get_by_role("heading", name="客服工作台")).to_be_visible()
        page = self.enter("ann", path="/desk/")
        expect(page.get_by_role("heading", name="这个账号不是店铺账号")).to_be_visible()

    def test_can_be_used_by_everybody(self) -> None:
        if missing := missing_for_javascript():
            self.skipTest(f"{missing} is not installed")
        self.keep("hi", "您好")
        page = self.desk("ann")
        expect(page.locator(".is-fitting")).to_be_visible()
        self.inspect(page, "the desk")
        page.get_by_role("tab", name="快捷短语").click()
        page.get_by_role("textbox", name="发消息给 ann").fill("/")
        expect(page.get_by_role("option")).to_be_visible()
        self.inspect(page, "quick replies")
        page.get_by_role("button", name="键盘快捷键").click()
        self.inspect(page, "the shortcuts")

    def test_can_be_used_at_twice_the_size(self) -> None:
        page = self.desk("ann", **TWICE_THE_SIZE)
        box = page.get_by_role("textbox", name="发消息给 ann")
        self.see_whole(page, self.said(page).last, box)
        page.get_by_role("button", name="顾客与话术").click()
        sheet = page.get_by_role("dialog", name="顾客与话术")
        answer = sheet.get_by_role("button", name="多久发货")
        answer.scroll_into_view_if_needed()
        self.see_whole(page, answer)
        answer.click()
        expect(box).to_have_value("拍下后 48 小时内发货")
        self.see_whole(page, box)
