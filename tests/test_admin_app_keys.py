"""App keys in the admin: shown once, and revoked."""

import re

from django.utils import timezone

from accounts import app_keys
from accounts.models import AppKey, Scope
from tests.admin_case import AdminTest

KEYS = "/admin/accounts/appkey/"
ADD = f"{KEYS}add/"


class AppKeyTest(AdminTest):
    def make(self, *scopes: Scope) -> str:
        """The text of a new key, from the page that shows it."""
        fields = {"app": self.world.app.pk, "name": "商城后台", "scopes": [str(scope) for scope in scopes]}
        page = self.client.post(ADD, fields)
        self.assertEqual((page.status_code, page["Cache-Control"].split(",")[0]), (200, "max-age=0"))
        shown = re.search(r'value="(ck_[^"]+)"', page.content.decode())
        assert shown is not None
        return shown[1]


class ANewKey(AppKeyTest):
    def test_is_shown_once_and_kept_as_a_digest(self) -> None:
        text = self.make(Scope.ACCOUNTS_READ)
        secret = text.rpartition("_")[2]
        for path in (KEYS, f"{KEYS}{AppKey.objects.get().pk}/change/"):
            self.assertNotIn(secret, self.page(path))
        self.assertNotIn(secret, str(AppKey.objects.values().get()))

    def test_is_found_by_its_text_with_its_scopes(self) -> None:
        key = app_keys.key_of(self.make(Scope.ACCOUNTS_READ, Scope.SHOPS_WRITE))
        assert key is not None
        self.assertEqual((key.app, key.scopes), (self.world.app, ["accounts:read", "shops:write"]))

    def test_needs_a_scope_and_a_name(self) -> None:
        self.refusal(ADD, app=self.world.app.pk, name="x", scopes=[])
        self.refusal(ADD, app=self.world.app.pk, name="", scopes=["accounts:read"])
        self.refusal(ADD, app=self.world.app.pk, name="x", scopes=["everything"])
        self.assertFalse(AppKey.objects.exists())


class ARevokedKey(AppKeyTest):
    def test_lets_nobody_in_and_stays_on_record(self) -> None:
        text = self.make(Scope.ACCOUNTS_READ)
        page = self.submit(KEYS, action="revoke", _selected_action=[AppKey.objects.get().pk])
        self.assertIn("1 key is revoked.", page)
        self.assertIsNone(app_keys.key_of(text))
        self.assertIsNotNone(AppKey.objects.get().revoked_at)
        self.assertEqual(self.client.post(f"{KEYS}{AppKey.objects.get().pk}/delete/").status_code, 403)


class TheTextOfAKey(AppKeyTest):
    def test_must_be_right_to_the_last_character(self) -> None:
        text = self.make(Scope.ACCOUNTS_READ)
        other = "0" if text[-1] != "0" else "1"
        for wrong in (text[:-1], text[:-1] + other, text + "0", text.upper(), "ck_", "", f"ck_{'0' * 12}_{'0' * 64}"):
            self.assertIsNone(app_keys.key_of(wrong), wrong)

    def test_opens_nothing_of_a_disabled_app(self) -> None:
        text = self.make(Scope.ACCOUNTS_READ)
        self.world.app.enabled = False
        self.world.app.save()
        self.assertIsNone(app_keys.key_of(text))


class ItsUse(AppKeyTest):
    def test_is_recorded_once_a_minute_at_most(self) -> None:
        key = app_keys.key_of(self.make(Scope.ACCOUNTS_READ))
        assert key is not None
        app_keys.note_use(key)
        key.refresh_from_db()
        assert key.last_used_at is not None
        self.assertLess((timezone.now() - key.last_used_at).total_seconds(), 60)
        with self.assertNumQueries(0):
            app_keys.note_use(key)
