"""The widget on a foreign site: a visitor writes, and the shop's people see who and where they are."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.core.exceptions import ValidationError
from django.test import override_settings
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from accounts.admin.apps import AppAdmin
from accounts.models import Account, App, check_sites
from chat import demo
from chat.models import Guest
from tests.admin_browser import StaffTest
from tests.admin_case import AdminTest
from tests.chat_pages import SCHEMES, ChatPageTest
from tests.javascript.tools import missing_for_javascript
from tests.test_headers import INLINE, directives

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
PRODUCT = {"id": 9, "name": HOSTILE, "price": "199", "cover": "javascript:alert(3)", "url": "/coat?id=9"}

AS_IF_FROM_THE_PAGE = """parent.document.querySelector('shop-chat').shadowRoot.querySelector('iframe').contentWindow
    .postMessage({ shopChat: 'visit', title: '别处', address: 'https://other.example/' }, '*')"""


class Site:
    """A shop's own site on another origin, strict in what it lets in: our script and our frame."""

    def __init__(self, chat: str, line: str, host: str) -> None:
        policy = f"default-src 'none'; script-src {chat}; frame-src {chat}"
        content = (
            f"<!doctype html><html lang=zh><title>{HOSTILE.replace('<', '&lt;')}</title><h1>外套</h1>{line}".encode()
        )

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *said: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.origin = f"http://{host}:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class WidgetTest(ChatPageTest):
    host = "localhost"
    """Another site than 127.0.0.1, where frames of the chat have no storage in this browser."""

    def setUp(self) -> None:
        super().setUp()
        self.shop = self.world.shop("shop", 17, {1: ("包邮吗", "本店全场包邮")}, guests=True)
        chat = self.deployment.servers[0].pages
        told = json.dumps(PRODUCT).replace("'", "&#39;")
        line = (
            f"<script src='{chat}/static/widget.js' data-app='{self.world.appid}' data-shop=17 data-product='{told}'>"
        )
        self.site = Site(chat, f"{line}</script>", self.host)
        self.addCleanup(self.site.close)
        self.allow(self.site.origin)

    def allow(self, sites: str) -> None:
        App.objects.using(self.world.alias).filter(pk=self.world.app.pk).update(sites=sites)

    def visit(self, context: BrowserContext | None = None, **options: Any) -> Page:
        page = (context or self.browser(**options)).new_page()
        page.goto(f"{self.site.origin}/coat?id=9#part")
        return page

    def opened(self, page: Page) -> FrameLocator:
        page.get_by_role("button", name="联系客服").click()
        frame = page.frame_locator("iframe[title]")
        expect(frame.get_by_role("textbox")).to_be_focused()
        return frame

    def tell(self, frame: FrameLocator, text: str) -> None:
        frame.get_by_role("textbox").fill(text)
        frame.get_by_role("textbox").press("Enter")

    @property
    def guests(self) -> Any:
        return Guest.objects.using(self.world.alias).filter(shop=self.shop)


class AVisitor(WidgetTest):
    def test_writes_as_a_guest_and_the_shop_sees_where_they_are(self) -> None:
        desk = self.enter("shop", path="/desk/")
        context = self.browser()
        page = self.visit(context)
        frame = self.opened(page)
        expect(frame.get_by_role("button", name="包邮吗")).to_be_visible()
        self.assertEqual(self.guests.count(), 0)
        page.evaluate("postMessage({shopChat: 'close'}, '*')")  # not said by the frame
        self.tell(frame, "在吗")
        desk.get_by_role("button", name=re.compile("访客.*在吗")).click()
        panel = desk.get_by_role("complementary", name="顾客与话术")
        expect(panel.get_by_text("访客（未登录）")).to_be_visible()
        expect(panel.locator(".visit")).to_have_text(f"{HOSTILE} {self.site.origin}/coat?id=9")
        expect(panel.locator(".goods-name")).to_have_text(HOSTILE)
        page.evaluate("document.title = '首页'; history.pushState(null, '', '/home')")
        self.tell(frame, "还在吗")
        expect(panel.locator(".visit")).to_have_text(f"首页 {self.site.origin}/home")
        self.write(desk, "在的")
        expect(frame.locator(".bubble .text")).to_have_text(["在吗", "还在吗", "在的"])
        page.keyboard.press("Escape")
        bubble = page.get_by_role("button", name="联系客服")
        expect(bubble).to_be_focused()
        self.write(desk, "需要什么？")
        expect(bubble).to_have_accessible_name("联系客服，1 条未读")
        page.reload()
        expect(bubble).to_have_accessible_name("联系客服，1 条未读")
        frame = self.opened(page)
        expect(frame.locator(".bubble .text")).to_have_text(["在吗", "还在吗", "在的", "需要什么？"])
        expect(bubble).to_have_accessible_name("联系客服")
        self.assertEqual(self.guests.count(), 1)


class AVisitorWhoseFrameMayKeepThings(WidgetTest, StaffTest):
    host = "127.0.0.1"

    def staff_choose(self, action: str) -> None:
        """Somebody of the staff chooses it for the shop, in the admin."""
        admin = self.admin("/admin/robots/shop/")
        admin.check(f"[name=_selected_action][value='{self.shop.pk}']")
        admin.select_option("[name=action]", action)
        admin.click("[name=index]")
        expect(admin.locator("[name=_selected_action]").first).not_to_be_checked()

    def test_is_told_when_the_shop_takes_nobody_and_is_the_same_visitor_afterwards(self) -> None:
        page = self.visit()
        frame = self.opened(page)
        self.tell(frame, "一")
        expect(frame.locator(".ticks.sent")).to_be_visible()
        self.staff_choose("disable")
        expect(frame.get_by_role("alert")).to_contain_text("本店暂时不在这里接待访客")
        self.staff_choose("enable")
        page.reload()
        frame = self.opened(page)
        self.tell(frame, "二")
        expect(frame.locator(".bubble .text")).to_have_text(["一", "二"])
        self.assertEqual(self.guests.count(), 1)

    def test_is_asked_for_nothing_when_the_token_has_ended_and_loses_no_draft(self) -> None:
        page = self.visit()
        frame = self.opened(page)
        self.tell(frame, "一")
        expect(frame.locator(".ticks.sent")).to_be_visible()
        frame.get_by_role("textbox").fill("没写完")
        Account.objects.using(self.world.alias).filter(guest__shop=self.shop).update(token_epoch=1)
        page.reload()
        frame = self.opened(page)
        expect(frame.get_by_role("alert")).to_contain_text("之前的对话已结束")
        expect(frame.get_by_role("textbox")).to_have_value("没写完")
        frame.get_by_role("textbox").press("Enter")
        expect(frame.locator(".ticks.sent")).to_be_visible()
        self.assertEqual(self.guests.count(), 2)


class TheConversation(WidgetTest):
    def test_begins_with_a_question_or_the_product(self) -> None:
        frame = self.opened(self.visit())
        frame.get_by_role("button", name="包邮吗").click()
        expect(frame.locator(".bubble .text")).to_have_text(["包邮吗", "本店全场包邮"])
        frame.get_by_role("button", name="发送给商家").click()
        expect(frame.locator(".bubble.is-goods .goods-name")).to_have_text(HOSTILE)

    def test_who_does_not_see_finds_everything(self) -> None:
        if missing := missing_for_javascript():
            self.skipTest(missing)
        page = self.visit(viewport={"width": 360, "height": 740})
        self.opened(page)
        box = page.locator("iframe").bounding_box()
        assert box is not None
        self.assertEqual((box["width"], box["height"]), (360, 740))
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            self.inspect_frame(page.frames[1], scheme)

    def test_listens_to_the_page_it_stands_in_and_to_no_other_frame(self) -> None:
        page = self.visit()
        frame = self.opened(page)
        page.evaluate("document.body.append(document.createElement('iframe'))")
        page.frames[-1].evaluate(AS_IF_FROM_THE_PAGE)
        self.tell(frame, "在吗")
        expect(frame.locator(".ticks.sent")).to_be_visible()
        desk = self.enter("shop", path="/desk/")
        desk.get_by_role("button", name=re.compile("访客.*在吗")).click()
        panel = desk.get_by_role("complementary", name="顾客与话术")
        expect(panel.locator(".visit")).to_have_text(f"{HOSTILE} {self.site.origin}/coat?id=9")


class WhereItMayNotBe(WidgetTest):
    def test_there_is_no_bubble(self) -> None:
        self.allow("https://other.example")
        page = self.visit()
        expect(page.locator("shop-chat")).to_be_attached()
        expect(page.get_by_role("button", name="联系客服")).to_have_count(0)
        self.assertIn("frame-ancestors 'self' https://other.example", self.complaints.pop())


class TheMadeUpShop(AdminTest):
    @override_settings(DEBUG=True)
    def test_has_the_widget_by_one_line(self) -> None:
        demo.load()
        page = self.page("/demo/?product=9")
        self.assertIn('src="/static/widget.js" data-app="af8e2f0dbadb617bda145c84c1" data-shop="17"', page)
        self.assertIn("Woollen coat", page)
        self.assertEqual(INLINE.findall(page), [])
        self.assertEqual(self.client.get("/demo/?product=nothing").status_code, 404)
        self.assertEqual(self.client.get("/widget/?appid=af8e2f0dbadb617bda145c84c1&shop=17").status_code, 200)

    def test_is_not_there_without_the_demo_data(self) -> None:
        self.assertEqual(self.client.get("/demo/").status_code, 404)


class TheFrame(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop = self.world.shop("shop", 17, {}, guests=True)

    def frame(self) -> Any:
        return self.client.get(f"/widget/?appid={self.world.appid}&shop=17&site=https://a.example")

    def test_is_for_the_apps_sites_and_nothing_else_may_be_framed(self) -> None:
        self.world.app.sites = "https://a.example\nhttps://*.b.example:8443"
        self.world.app.save()
        headers = self.frame().headers
        policy = directives(headers["Content-Security-Policy"])
        self.assertEqual(policy["frame-ancestors"], "'self' https://a.example https://*.b.example:8443")
        self.assertNotIn("X-Frame-Options", headers)
        for path in ("/chat/", "/desk/", "/demo/", "/api/problems/"):
            self.assertEqual(self.client.get(path).headers["X-Frame-Options"], "DENY", path)

    def test_stands_nowhere_but_here_unless_sites_are_named(self) -> None:
        policy = directives(self.frame().headers["Content-Security-Policy"])
        self.assertEqual(policy["frame-ancestors"], "'self'")

    def test_is_not_there_for_shops_that_take_no_guests(self) -> None:
        self.shop.guests = False
        self.shop.save()
        answer = self.frame()
        self.assertEqual((answer.status_code, answer.headers["X-Frame-Options"]), (404, "DENY"))

    def test_takes_no_sites_that_are_none(self) -> None:
        for wrong in ("javascript:x", "https://a.example/path", "https://a.example;script-src", "'self'", "a.example"):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                check_sites(wrong)
        check_sites("*\nhttp://localhost:8080 https://*.a.example")
        self.assertIn("sites", AppAdmin.get_fields(None, None, self.world.app))  # type: ignore[arg-type]
