"""Somebody of the staff in a real browser."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser import BrowserTest


class StaffTest(BrowserTest):
    """Pages of the admin as a superuser sees them."""

    def admin(self, path: str, **options: Any) -> Page:
        """A tab with this page, whole and with its scripts, in English if the browser's options say nothing else.

        Who sits there has signed in before: how that goes has tests of its own.
        """
        browser = self.browser(**{"locale": "en", **options})
        address = self.deployment.servers[0].pages
        browser.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": self._session(), "url": address}])
        return self.open(browser, path)

    def _session(self) -> str:
        """The key of a session of the superuser of this test."""
        name = f"staff-{self.world.appid}"
        users = get_user_model().objects.db_manager(self.world.alias)
        staff = users.filter(username=name).first() or users.create_superuser(name)
        signed_in = {
            SESSION_KEY: str(staff.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: staff.get_session_auth_hash(),
        }
        key = secrets.token_hex(16)
        Session.objects.using(self.world.alias).create(
            session_key=key,
            session_data=SessionStore().encode(signed_in),
            expire_date=timezone.now() + timedelta(days=1),
        )
        return key
