"""Somebody of the staff in a real browser."""

from typing import Any

from django.contrib.auth import get_user_model
from playwright.sync_api import Page

from tests.browser import BrowserTest

PASSWORD = "staff-password"


class StaffTest(BrowserTest):
    """Pages of the admin as a superuser sees them."""

    def admin(self, path: str, **options: Any) -> Page:
        """A tab with this page, in English if the browser's options say nothing else."""
        name = f"staff-{self.world.appid}"
        staff = get_user_model().objects.db_manager(self.world.alias)
        if not staff.filter(username=name).exists():
            staff.create_superuser(name, password=PASSWORD)
        page = self.open(self.browser(**{"locale": "en", **options}), path)
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.click("[type=submit]")
        return page
