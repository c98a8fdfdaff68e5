"""Every page of ours in a browser: nothing is refused by its policy, missing, or wrong in its scripts."""

import re
import uuid
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from playwright.sync_api import Page

from tests.browser import BrowserTest

PASSWORD = "staff-password"
BEGINNINGS = ("/", "/chat/", "/api/docs/", "/admin/")
LEAVING = ("/admin/logout/", "/static/", "/media/", "/api/")
"""What is no page, or ends the visit."""
VARIANTS = re.compile(r"\d+|[0-9a-f]{32}")


class EveryPage(BrowserTest):
    def test_has_nothing_to_complain_of(self) -> None:
        self.fill()
        page = self.open(self.browser(), "/admin/")
        self.sign_in(page)
        waiting, seen = list(BEGINNINGS), set(BEGINNINGS)
        while waiting:
            path = waiting.pop(0)
            with self.subTest(path):
                answer = page.goto(self.deployment.servers[0].pages + path)
                assert answer is not None
                self.assertEqual(answer.status, 200)
                if not path.startswith("/admin/"):
                    # Scripts draw these.
                    page.wait_for_load_state("networkidle")
                self.assertEqual(self.complaints, [])
                self.assertEqual(page.locator(":not(ul, ol, menu) > li").count(), 0)
            self.complaints.clear()
            for further in self.links(page):
                kind = VARIANTS.sub("…", further)
                if kind not in seen:
                    seen.add(kind)
                    waiting.append(further)
        models = {kind.split("/")[3] for kind in seen if kind.startswith("/admin/") and kind.count("/") > 3}
        self.assertGreater(len(models), 9, models)
        self.assertGreater(len(seen), 30)

    def fill(self) -> None:
        """Something of each kind, so that lists have rows and rows have pages."""
        self.world.accounts("User1", "User2")
        self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        self.world.said("User1", "User2", {"type": "txt", "content": "你好"})
        self.world.notify("User1", "通知")

    def sign_in(self, page: Page) -> None:
        name = f"staff-{uuid.uuid4().hex}"
        get_user_model().objects.db_manager(self.world.alias).create_superuser(name, password=PASSWORD)
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_url("**/admin/")

    def links(self, page: Page) -> list[str]:
        """Paths of the server's own pages to which this one leads; which order or filter of a list does not matter."""
        here = self.deployment.servers[0].pages
        addresses: list[str] = page.eval_on_selector_all(
            "a[href]:not([download])", "links => links.map(link => link.href)"
        )
        paths = [urlsplit(address).path for address in addresses if address.startswith(here + "/")]
        return [path for path in dict.fromkeys(paths) if not path.startswith(LEAVING)]
