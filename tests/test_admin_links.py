"""Links of the admin lead to pages that open for whoever sees them."""

import html
import re
from urllib.parse import urljoin

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from accounts.models import AppKey
from chat.models import Notification
from robots.models import Note
from robots.roles import PLATFORM_STAFF
from tests.admin_roles import PLATFORM_STAFF_OPENS, SHOP_STAFF_OPENS
from tests.test_admin_roles import RolesTest

LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')


class EveryLink(RolesTest):
    def setUp(self) -> None:
        super().setUp()
        Note.objects.update(author=self.staff)
        Notification.objects.update(author=self.staff)
        key = AppKey.objects.earliest("pk")
        LogEntry.objects.create(
            user=self.staff,
            content_type=ContentType.objects.get_for_model(key),
            object_id=str(key.pk),
            object_repr=key.name,
            action_flag=CHANGE,
        )

    def dead(self, routes: set[str]) -> dict[str, str]:
        """Links on these pages that lead to none, with where they stand."""
        found: dict[str, str] = {}
        for page in ["/admin/", *(self.path(route, self.our_rows) for route in sorted(routes))]:
            for link in LINK.findall(self.client.get(page).content.decode(errors="replace")):
                found.setdefault(urljoin(page, html.unescape(link)), page)
        inside = {link: page for link, page in found.items() if link.startswith("/admin/")}
        self.assertGreater(len(inside), len(routes) / 2)
        return {link: page for link, page in inside.items() if self.client.get(link).status_code != 200}

    def test_opens_for_shop_staff(self) -> None:
        self.assertEqual(self.dead(SHOP_STAFF_OPENS), {})

    def test_opens_for_platform_staff(self) -> None:
        self.client.force_login(self.member("platform", PLATFORM_STAFF.group))
        self.assertEqual(self.dead(PLATFORM_STAFF_OPENS), {})


class WhatDoesNotOpen(RolesTest):
    def test_is_named_all_the_same(self) -> None:
        page = self.page(f"/admin/robots/shop/{self.ours.pk}/change/")
        self.assertRegex(page, r'<div class="readonly[^>]*>a test&#x27;s app</div>')
        self.client.force_login(self.staff)
        page = self.page(f"/admin/robots/shop/{self.ours.pk}/change/")
        self.assertIn(f'href="/admin/accounts/app/{self.world.app.pk}/change/"', page)
