"""What the tests of admin pages share: a world in the test's own database, and a superuser at the browser."""

import logging
import re
from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import HttpResponseRedirect
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from accounts.admin.deeds import readable
from accounts.models import Account
from tests.world import World

_hash = make_password("staff-password")
"""Made once: a hash for each test would take as long as many a test."""


def errors(page: str) -> list[str]:
    """What a page says is wrong with the form on it."""
    told = re.findall(r'class="errorlist[^>]*>(.*?)</ul>|class="errornote[^>]*>(.*?)</(?:p|div)>', page, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", text or note).strip() for text, note in told]


def column(page: str, name: str) -> list[str]:
    """What stands in the linked column of a list."""
    return re.findall(rf'class="field-{name} [^>]*><a[^>]*>([^<]+)<', page)


def told(entries: Iterable[LogEntry]) -> list[str]:
    """What entries of the log say was done, as the pages say it."""
    shown = list(entries)
    readable(shown)
    return [entry.change_message for entry in shown]


class AdminTest(TestCase):
    """The pages are asked for in English."""

    def setUp(self) -> None:
        # Refused requests are what many of these tests are about.
        logger = logging.getLogger("django.request")
        self.addCleanup(logger.setLevel, logger.level)
        logger.setLevel(logging.CRITICAL)
        self.world = World("default")
        self.staff = get_user_model().objects.create(
            username="staff", password=_hash, is_staff=True, is_superuser=True, is_active=True
        )
        self.client.force_login(self.staff)
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def clerk(self, *permissions: str, everything: bool = True) -> Any:
        """Go on as a member of staff with these permissions alone, who sees everything or only what is theirs."""
        clerk = get_user_model().objects.create(username="clerk", password=_hash, is_staff=True, is_active=True)
        wanted = [*permissions, "see_everything"] if everything else permissions
        clerk.user_permissions.set(Permission.objects.filter(codename__in=wanted))
        self.client.force_login(clerk)
        return clerk

    def page(self, path: str) -> str:
        """The text of a page that must be there."""
        answer = self.client.get(path)
        self.assertEqual(answer.status_code, 200, path)
        return answer.content.decode()

    def queries(self, path: str) -> list[str]:
        """The SQL that a page takes."""
        with CaptureQueriesContext(connection) as captured:
            self.page(path)
        return [query["sql"] for query in captured.captured_queries]

    def submit(self, path: str, **fields: Any) -> str:
        """Send a form; returns the page that follows, which has no errors.

        Nothing is committed, and what waits for that does not happen: tests of that have a server.
        """
        answer = self.client.post(path, fields)
        self.assertIn(answer.status_code, (200, 302), path)
        page = self.page(answer.url) if isinstance(answer, HttpResponseRedirect) else answer.content.decode()
        self.assertFalse(errors(page), path)
        return page

    def refusal(self, path: str, **fields: Any) -> str:
        """Send a form that must come back with errors; returns the page."""
        page = self.client.post(path, fields, follow=True).content.decode()
        self.assertTrue(errors(page), f"{path} took what it must refuse")
        return page

    def many_accounts(self, count: int, prefix: str = "u") -> list[Account]:
        """Accounts prefix0, prefix1 … in the world's app."""
        Account.objects.bulk_create(
            Account(app=self.world.app, name=f"{prefix}{n}", nickname=f"{prefix}{n}", password="!")
            for n in range(count)
        )
        return list(Account.objects.filter(app=self.world.app, name__startswith=prefix).order_by("pk"))
