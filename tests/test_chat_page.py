"""The chat page in a real browser: what people see and do there."""

import re

from playwright.sync_api import Page, expect

from accounts.models import Account
from chat.models import Message, Remark
from tests.chat_pages import ChatPageTest
from tests.world import PASSWORD


class SigningIn(ChatPageTest):
    def test_tells_what_is_wrong_and_keeps_the_account(self) -> None:
        page = self.open(self.browser(), self.of_this_app("/chat/"))
        page.get_by_label("账号", exact=True).fill("nobody")
        page.get_by_label("密码").fill("wrong")
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("alert")).to_have_text("登录失败，账号或密码错误")
        expect(page.get_by_label("账号", exact=True)).to_have_value("nobody")

    def test_speaks_english_to_who_prefers_it(self) -> None:
        page = self.open(self.browser(locale="en-US"), "/chat/")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(page).to_have_title("Chat")

    def test_is_asked_for_again_when_rights_were_withdrawn_and_the_draft_is_kept(self) -> None:
        self.world.accounts("ann", "bob")
        page = self.talk(self.enter("ann"), "bob")
        page.get_by_role("textbox", name="发消息给 bob").fill("没写完")
        accounts = Account.objects.using(self.world.alias).filter(app=self.world.app)
        accounts.update(enabled=False)
        self.cut(page)
        self.mend(page)
        expect(page.get_by_role("alert")).to_have_text("账号已停用")
        accounts.update(enabled=True)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("textbox", name="发消息给 bob")).to_have_value("没写完")

    def test_is_kept_for_every_tab_and_ends_in_all_of_them(self) -> None:
        self.world.accounts("ann", "bob")
        context = self.browser()
        one, bob = self.enter("ann", context), self.open(context, self.of_this_app("/chat/"))
        bob.get_by_role("button", name="设置").click()
        bob.get_by_role("button", name="换个账号").click()
        self.sign_in(bob, "bob")
        one.reload()
        expect(one.get_by_role("navigation", name="会话")).to_be_visible()
        self.talk(one, "bob")
        self.write(one, "两个窗口")
        expect(bob.get_by_role("button", name=re.compile("ann.*两个窗口"))).to_be_visible()
        other = self.open(context, self.of_this_app("/chat/#ann"))
        expect(other.get_by_role("heading", name="ann")).to_be_visible()
        kept = context.storage_state()
        self.assertEqual(
            {cookie["httpOnly"] for cookie in kept["cookies"] if cookie["name"].startswith("chat-")}, {True}
        )
        self.assertNotIn(PASSWORD, str(kept["origins"]))
        other.get_by_role("button", name="设置").click()
        other.get_by_role("button", name="退出登录").click()
        expect(bob.get_by_label("密码")).to_be_visible()
        bob.reload()
        expect(bob.get_by_label("密码")).to_be_visible()


class ATalk(ChatPageTest):
    def test_says_in_the_readers_language_why_something_was_refused(self) -> None:
        self.world.account("ann")
        page = self.open(self.browser(locale="en-US"), self.of_this_app("/chat/#nobody"))
        page.get_by_label("Account", exact=True).fill("ann")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text("There is no such account")).to_be_visible()

    def test_goes_to_and_fro_and_shows_what_was_read(self) -> None:
        self.world.accounts("ann", "bob")
        ann, bob = self.talk(self.enter("ann"), "bob"), self.enter("bob")
        self.write(ann, "在吗")
        expect(ann.locator(".ticks.sent")).to_be_visible()
        row = bob.get_by_role("button", name=re.compile("ann.*在吗.*1 条未读"))
        expect(row).to_be_visible()
        expect(bob).to_have_title("(1) 聊天")
        row.click()
        expect(self.said(bob)).to_have_text(["在吗"])
        expect(bob).to_have_title("聊天")
        expect(ann.locator(".ticks.read")).to_be_visible()
        self.write(bob, "在的")
        expect(self.said(ann)).to_have_text(["在吗", "在的"])
        expect(bob.locator(".ticks.read")).to_be_visible()

    def test_is_the_same_in_another_tab(self) -> None:
        self.world.accounts("ann", "bob")
        one, other = self.talk(self.enter("ann"), "bob"), self.enter("ann")
        self.write(one, "你好")
        other.get_by_role("button", name=re.compile("bob.*你好")).click()
        expect(self.said(other)).to_have_text(["你好"])
        self.write(other, "还有")
        expect(self.said(one)).to_have_text(["你好", "还有"])
        one.locator(".row").hover()
        one.get_by_role("button", name="更多: bob").click()
        one.get_by_role("menuitem", name="置顶").click()
        expect(one.get_by_role("button", name="更多: bob")).to_be_focused()
        expect(other.locator(".row.is-pinned")).to_be_visible()
        one.get_by_role("button", name="更多: bob").click()
        one.get_by_role("menuitem", name="删除").click()
        one.get_by_role("dialog").get_by_role("button", name="删除").click()
        expect(other.get_by_text("还没有会话")).to_be_visible()
        expect(other.get_by_text("选一个会话，开始聊天")).to_be_visible()

    def test_survives_a_cut_line_and_says_everything_once(self) -> None:
        self.world.accounts("ann", "bob")
        ann, bob = self.talk(self.enter("ann"), "bob"), self.talk(self.enter("bob"), "ann")
        self.write(ann, "一")
        expect(self.said(bob)).to_have_text(["一"])
        self.cut(ann)
        self.write(ann, "二")
        self.write(ann, "三")
        expect(ann.locator(".ticks.waiting")).to_have_count(2)
        self.write(bob, "你在哪")
        expect(bob.locator(".ticks.sent")).to_be_visible()
        self.mend(ann)
        expect(ann.locator(".ticks.waiting")).to_have_count(0)
        expect(self.said(ann)).to_have_text(["一", "你在哪", "二", "三"])
        expect(self.said(bob)).to_have_text(["一", "你在哪", "二", "三"])
        self.assertEqual(self.world.messages().count(), 4)

    def test_is_where_it_was_after_a_reload_and_after_going_back(self) -> None:
        self.world.accounts("ann", "bob")
        page = self.talk(self.enter("ann", viewport={"width": 360, "height": 740}), "bob")
        expect(page.get_by_role("navigation", name="会话")).to_be_hidden()
        self.write(page, "你好")
        page.get_by_role("button", name="返回").click()
        expect(page.get_by_role("navigation", name="会话")).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("^bob"))).to_be_focused()
        page.go_back()
        expect(page.get_by_role("heading", name="bob")).to_be_visible()


class TheHistory(ChatPageTest):
    def test_comes_in_front_without_a_jump_however_long_it_is(self) -> None:
        self.world.accounts("ann", "bob")
        self.world.history("ann", "bob", 600)
        page = self.enter("ann")
        page.locator(".row-open").click()
        expect(self.said(page).get_by_text("message 600", exact=True)).to_be_in_viewport()
        log = page.get_by_role("log")
        for wanted in (540, 400, 200, 1):
            bubble = log.get_by_text(f"message {wanted}", exact=True)
            for _ in range(200):
                if bubble.count():
                    break
                before = self.top_line(page)
                log.evaluate("box => box.scrollBy(0, -400)")
                self.assertLess(self.top_line(page), before + 1)
                page.wait_for_function("() => new Promise(done => requestAnimationFrame(() => done(true)))")
            expect(bubble).to_be_attached()
        self.assertLess(page.locator(".item").count(), 200)
        page.get_by_role("button", name="回到最新").click()
        expect(self.said(page).get_by_text("message 600", exact=True)).to_be_in_viewport()

    def top_line(self, page: Page) -> int:
        """The number of the message at the top of what is seen."""
        script = """() => {
            const top = document.querySelector('.timeline').getBoundingClientRect().top;
            const lines = [...document.querySelectorAll('.item')];
            return lines.find((line) => line.getBoundingClientRect().bottom > top).querySelector('.text').textContent;
        }"""
        return int(page.evaluate(script).removeprefix("message "))

    def test_shows_markup_and_scripts_as_the_text_that_they_are(self) -> None:
        evil = "<img src=x onerror=\"document.title='stolen'\"><script>document.title='stolen'</script>"
        self.world.account("ann")
        self.world.account("eve", nickname=evil[:64], avatar="javascript:document.title='stolen'")
        for body in (
            {"type": "txt", "content": evil},
            {"type": "txt", "content": "javascript:alert(1) https://example.com/?a=1\"onclick='x'"},
            {"type": "txt", "content": "看https://example.com/b这件"},
            {"type": "img", "content": "javascript:alert(1)"},
            {"type": "video", "content": "javascript:1|javascript:alert(1)"},
            {"type": "audio", "content": "8|javascript:alert(1)"},
            {"type": "file", "content": "javascript:alert(1)", "data": {"name": evil}},
            {"type": "goods", "content": evil, "data": {"goods_cover": "javascript:1", "goods_url": "javascript:1"}},
            {"type": "goods", "content": "商品", "data": {"goods_id": {"a": 1}, "goods_price": ["<b>"]}},
            {"type": "<script>", "content": evil},
        ):
            self.world.said("eve", "ann", body)
        page = self.enter("ann")
        page.locator(".row-open").click()
        expect(page.locator(".bubble")).to_have_count(10)
        expect(self.said(page).first).to_have_text(evil)
        links = page.locator(".room a").evaluate_all("all => all.map((link) => link.href)")
        self.assertEqual(links, ["https://example.com/?a=1", "https://example.com/b"])
        self.assertEqual(page.locator(".room script, .bubble img, .room [onerror]").count(), 0)
        self.assertNotIn("stolen", page.title())


class TheRobot(ChatPageTest):
    def test_offers_its_questions_and_answers_the_one_that_is_tapped(self) -> None:
        self.world.account("ann")
        self.world.shop("shop", 17, {1: ("发什么快递", "发顺丰"), 2: ("包邮吗", "本店全场包邮")})
        page = self.enter("ann", path="/chat/?to=shop&shop_id=17&goods_id=9&goods_name=外套&goods_price=199")
        page.get_by_role("button", name="包邮吗").click()
        expect(self.said(page)).to_have_text(["包邮吗", "本店全场包邮"])
        expect(page.locator(".item").first).to_contain_text("发什么快递")
        page.get_by_role("button", name="发送给商家").click()
        expect(page.locator(".bubble .goods-name")).to_have_text("外套")
        expect(page.locator(".bubble .goods-price")).to_have_text("¥199")

    def test_is_told_from_people_and_leaves_the_talk_to_them(self) -> None:
        self.world.account("ann")
        self.world.shop("shop", 17, {1: ("发什么快递", "发顺丰")})
        menu = {"title": "您想问", "list": [{"question_id": 1, "question": "发什么快递", "answer": "发顺丰"}]}
        asked = self.world.said("shop", "ann", {"type": "robot", "content": "问题列表", "data": menu})
        self.remark(asked, Remark.MENU)
        page, desk = self.enter("ann", path="/chat/#shop"), self.enter("shop", path="/desk/#ann")
        page.get_by_role("button", name="发什么快递").click()
        expect(page.locator(".line.is-theirs", has_text="发顺丰").locator(".by-robot")).to_have_text("机器人")
        expect(desk.locator(".line.is-mine", has_text="发顺丰").locator(".by-robot")).to_have_text("机器人")
        page.get_by_role("button", name="转人工客服").click()
        expect(self.said(page)).to_have_text(["发什么快递", "发顺丰", "转人工"])
        self.remark(self.world.said("shop", "ann", {"type": "txt", "content": "已为您转接"}), Remark.HANDOVER)
        page.reload()
        expect(page.get_by_text("已转人工客服，客服看到后会回复")).to_be_visible()
        expect(page.get_by_role("button", name="转人工客服")).to_be_hidden()
        desk.reload()
        expect(desk.get_by_text("机器人已转人工，等您回复")).to_be_visible()

    def remark(self, message: Message, remark: Remark) -> None:
        """It was the robot that said so."""
        self.world.messages().filter(pk=message.pk).update(robot=remark)


class ThePage(ChatPageTest):
    def test_holds_two_thousand_conversations(self) -> None:
        self.world.account("ann")
        self.world.many_conversations("ann", 2000)
        page = self.enter("ann")
        rows = page.locator(".row")
        expect(rows.first).to_be_visible()
        self.assertLess(rows.count(), 40)
        expect(rows.first).to_have_attribute("aria-setsize", "2000")
        page.get_by_role("searchbox").fill("friend1234")
        expect(rows).to_have_count(1)
        page.get_by_role("searchbox").press("Enter")
        expect(page.get_by_role("heading", name="friend1234")).to_be_visible()
