"""Reading a conversation on the chat page: all of it is to be had, and nothing moves under the eyes of who reads."""

from playwright.sync_api import Locator, Page, expect

from tests.chat_pages import ChatPageTest

REFUSE_CHATS_ONCE = """() => {
    const line = chatLines.at(-1), hear = line.onmessage;
    line.onmessage = (event) => {
        const frame = JSON.parse(event.data);
        if (frame.query !== 'chats' || window.refused) return hear(event);
        window.refused = true;
        hear({ data: JSON.stringify({ code: 2, query: 'chats', seq: frame.seq, msg: '', reason: 'server_busy' }) });
    };
}"""


class Reading(ChatPageTest):
    def test_goes_on_where_nothing_scrolls_and_after_a_cut_and_stays_until_one_speaks(self) -> None:
        self.world.accounts("ann", "bob")
        self.world.history("ann", "bob", 200)
        page = self.enter("ann", path="/chat/#bob", viewport={"width": 1080, "height": 1600})
        expect(page.locator(".item")).to_have_count(70)
        self.cut(page)
        log = page.get_by_role("log")
        log.evaluate("box => box.scrollTo(0, 0)")
        expect(page.get_by_role("button", name="回到最新")).to_be_visible()
        self.mend(page)
        expect(log.get_by_text("message 81", exact=True)).to_be_attached()
        read = log.get_by_text("message 131", exact=True)
        before = self.place(read)
        bob = self.enter("bob", path="/chat/#ann")
        self.write(bob, "还在吗")
        expect(page.get_by_role("button", name="1 条新消息")).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="1 条新消息")).to_be_attached()
        self.assertEqual(self.place(read), before)
        self.write(page, "在的")
        expect(self.said(page).last).to_have_text("在的")
        expect(self.said(page).last).to_be_in_viewport()
        expect(page.get_by_role("button", name="回到最新")).to_be_hidden()

    def place(self, what: Locator) -> float:
        """How far below the top of the page it stands."""
        box = what.bounding_box()
        assert box is not None
        return box["y"]

    def test_is_shown_where_the_new_begins(self) -> None:
        self.world.accounts("ann", "bob")
        for sender, recipient, content in (("ann", "bob", "一"), ("bob", "ann", "二"), ("bob", "ann", "三")):
            self.world.said(sender, recipient, {"type": "txt", "content": content})
        page = self.enter("ann")
        page.locator(".row-open").click()
        expect(page.locator(".item", has_text="以下是新消息")).to_contain_text("二")
        self.write(page, "四")
        expect(page.get_by_text("以下是新消息")).to_have_count(0)

    def test_finds_the_new_however_much_of_it_there_is(self) -> None:
        page = self.with_much_unread()
        unread = page.get_by_role("button", name="90 条未读", exact=True)
        unread.click()
        began = page.locator(".item", has_text="以下是新消息")
        expect(began).to_contain_text("message 120")
        expect(began).to_be_in_viewport(ratio=1)
        expect(unread).to_have_count(0)
        expect(page.get_by_role("log")).to_be_focused()

    def test_passes_where_the_new_begins_on_the_way_up(self) -> None:
        page = self.with_much_unread()
        page.wait_for_function(
            "() => { document.querySelector('.timeline').scrollTo(0, 0); return document.querySelector('.new-from'); }"
        )
        began = page.locator(".item", has_text="以下是新消息")
        expect(began).to_contain_text("message 120")
        began.scroll_into_view_if_needed()
        expect(page.get_by_role("button", name="90 条未读", exact=True)).to_have_count(0)

    def with_much_unread(self) -> Page:
        """A conversation in which ninety messages are new, the first of them far up."""
        self.world.accounts("ann", "bob")
        self.world.history("ann", "bob", 300)
        self.world.conversations().filter(owner__name="ann").update(unread=90)
        page = self.enter("ann")
        page.locator(".row-open").click()
        expect(self.said(page).last).to_have_text("message 300")
        expect(page.get_by_text("以下是新消息")).to_have_count(0)
        return page

    def test_begins_once_the_server_has_time(self) -> None:
        self.world.accounts("ann", "bob")
        self.world.said("bob", "ann", {"type": "txt", "content": "在吗"})
        context = self.browser()
        context.clock.install()
        page = self.enter("ann", context)
        row = page.locator(".row-open")
        expect(row).to_be_visible()
        page.evaluate(REFUSE_CHATS_ONCE)
        row.click()
        page.wait_for_function("() => window.refused")
        context.clock.fast_forward("00:05")
        expect(self.said(page)).to_have_text(["在吗"])
