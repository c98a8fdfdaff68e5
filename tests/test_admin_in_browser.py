"""What shop people do every day in the admin, in a real browser: reading a talk, noting, stopping somebody."""

import json

from playwright.sync_api import Page, expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from accounts.models import Account
from chat.models import Block
from robots.models import Note
from tests.admin_browser import StaffTest
from tests.case import text
from tests.world import PASSWORD

RIGHTS_WITHDRAWN = 4403
SHOWN = """line => {
  const box = document.querySelector(".talk-box").getBoundingClientRect(), at = line.getBoundingClientRect();
  return at.top >= box.top - 1 && at.bottom <= box.bottom + 1;
}"""


class ReadingATalk(StaffTest):
    def setUp(self) -> None:
        super().setUp()
        self.world.account("User1", nickname="张三")
        self.world.shop("dev17", 17, {})
        self.world.said("User1", "dev17", text("能改地址吗"))
        self.world.history("User1", "dev17", 120)
        self.path = f"/admin/chat/conversation/{self.world.view('dev17', 'User1').pk}/talk/"

    def shown(self, page: Page, words: str) -> bool:
        """Whether a message is in sight, within the box that scrolls."""
        line = page.locator(".talk-line", has_text=words).first
        there: bool = line.evaluate(SHOWN)
        return there

    def test_begins_with_the_newest_message(self) -> None:
        page = self.admin(self.path)
        self.assertTrue(self.shown(page, "message 120"))
        self.assertFalse(self.shown(page, "message 70"))

    def test_is_searched_and_leads_to_the_message_which_is_marked(self) -> None:
        page = self.admin(self.path)
        page.fill("[name=q]", "地址")
        page.keyboard.press("Enter")
        page.locator("mark", has_text="地址").click()
        expect(page.locator(".talk-line.sought .talk-bubble")).to_contain_text("能改地址吗")
        self.assertTrue(self.shown(page, "能改地址吗"))
        page.get_by_role("link", name="Newer").click()
        page.locator(".talk-line", has_text="message 60").wait_for()
        page.get_by_role("link", name="Newest").click()
        page.locator(".talk-line", has_text="message 120").wait_for()
        self.assertTrue(self.shown(page, "message 120"))

    def test_goes_on_in_the_same_place_once_a_note_is_kept(self) -> None:
        page = self.admin(self.path)
        page.locator(".talk-line", has_text="message 80").scroll_into_view_if_needed()
        before = page.locator(".talk-box").evaluate("box => box.scrollTop")
        self.assertLess(before, -100)
        page.fill("[name=note]", "要发票")
        page.get_by_role("button", name="Note").click()
        expect(page.locator(".talk-notes article")).to_contain_text("要发票")
        page.wait_for_function("top => Math.abs(document.querySelector('.talk-box').scrollTop - top) < 3", arg=before)

    def test_fits_a_phone(self) -> None:
        page = self.admin(self.path, viewport={"width": 360, "height": 740}, color_scheme="dark")
        self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), 360)
        self.assertTrue(self.shown(page, "message 120"))


class StoppingSomebody(StaffTest):
    def setUp(self) -> None:
        super().setUp()
        # Names that no account of another test has, among which one would have to choose.
        self.one, self.two = (self.world.account(f"{name}-{self.world.appid}") for name in ("one", "two"))

    def socket(self, account: str, source: int) -> ClientConnection:
        socket = connect(self.deployment.servers[0].url)
        self.addCleanup(socket.close)
        self.ask(socket, "login", account=account, password=PASSWORD, source=source)
        return socket

    def ask(self, socket: ClientConnection, query: str, **data: object) -> int:
        """The code of the answer."""
        socket.send(json.dumps({"appid": self.world.appid, "query": query, "data": data, "seq": 1}))
        while (frame := json.loads(socket.recv())).get("seq") != 1:
            pass
        code: int = frame["code"]
        return code

    def test_one_of_its_sockets_is_ended_and_no_other(self) -> None:
        phone, computer = self.socket(self.one.name, 1), self.socket(self.one.name, 4)
        page = self.admin(f"/admin/accounts/account/{self.one.pk}/sockets/")
        page.get_by_role("listitem").filter(has_text="Computer").get_by_role("button", name="End").click()
        expect(page.get_by_role("listitem").filter(has_text="Computer")).to_have_count(0)
        with self.assertRaises(ConnectionClosed) as closed:
            while True:
                computer.recv()
        assert closed.exception.rcvd is not None
        self.assertEqual(closed.exception.rcvd.code, RIGHTS_WITHDRAWN)
        self.assertEqual(self.ask(phone, "users"), 0)

    def choose(self, page: Page, field: str, account: Account) -> None:
        """Look for an account where one is picked, and take it."""
        page.locator(f".field-{field} .select2-selection").click()
        page.locator(".select2-search__field").fill(account.name)
        page.locator(".select2-results__option", has_text=account.name).click()

    def test_is_blocked_for_somebody_and_unblocked(self) -> None:
        two = self.socket(self.two.name, 1)
        page = self.admin(f"/admin/accounts/account/{self.two.pk}/change/")
        page.get_by_role("link", name="Block for somebody").click()
        self.choose(page, "owner", self.one)
        page.click("[name=_save]")
        row = page.locator("#result_list tbody tr", has_text=self.two.name)
        row.wait_for()
        page.get_by_text(f"{self.one.name} hears nothing from {self.two.name} from now on.").wait_for()
        say = {"account": self.one.name, "message": text("在吗")}
        self.assertNotEqual(self.ask(two, "send", **say), 0)
        row.get_by_role("link").first.click()
        page.get_by_role("link", name="Delete").click()
        page.click("[type=submit]:has-text('Yes')")
        page.get_by_text(f"{self.two.name} may write to {self.one.name} again.").wait_for()
        page.wait_for_url("**/admin/chat/block/")
        self.assertFalse(Block.objects.using(self.world.alias).filter(owner=self.one).exists())
        self.assertEqual(self.ask(two, "send", **say), 0)

    def test_has_notes_that_are_moved_to_another_account_of_the_same_person(self) -> None:
        note = Note.objects.using(self.world.alias).create(account=self.one, text="要发票")
        page = self.admin(f"/admin/robots/note/?about={self.one.pk}")
        page.locator(f"input[value='{note.pk}']").check()
        page.locator("[name=action]").select_option("move")
        page.get_by_role("button", name="Run").click()
        self.choose(page, "account", self.two)
        page.click("[name=_save]")
        row = page.locator("#result_list tbody tr", has_text=self.two.name)
        expect(row).to_contain_text(self.one.name)


class TheSearchOverAll(StaffTest):
    def test_opens_with_the_keyboard_and_goes_to_what_it_found(self) -> None:
        self.world.account("User1", nickname=f"演示{self.world.appid}")
        page = self.admin("/admin/")
        page.wait_for_url("**/admin/")
        page.keyboard.press("Control+k")
        box = page.locator("#search-input-command")
        expect(box).to_be_focused()
        box.fill("zz-nobody")
        expect(page.locator("#command-results")).to_contain_text("Nothing is called")
        page.keyboard.press("Enter")
        box.fill(f"演示{self.world.appid}")
        expect(page.locator("#command-results li")).to_have_count(1)
        page.keyboard.press("Enter")
        page.wait_for_url("**/admin/accounts/account/*/change/")
