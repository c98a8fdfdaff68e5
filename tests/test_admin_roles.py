"""The roles of staff: what each page of the admin shows to whom."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.db import connection
from django.urls import URLPattern
from django.utils import timezone

from accounts import app_keys
from chat.models import Block, Conversation, Notification
from chat.webhooks.models import Delivery, Endpoint
from robots import gaps
from robots.models import Faq, Gap, Membership, Note, QuickReply, Shop, UnansweredQuestion
from robots.roles import PLATFORM_STAFF, SHOP_STAFF
from tests.admin_case import AdminTest, errors
from tests.admin_roles import PLATFORM_STAFF_OPENS, SHOP_STAFF_OPENS, SUPERUSERS_OPEN
from tests.case import text
from tests.test_admin_shops import NO_REPLIES, questions

CANARY = "金丝雀"
"""Stands in all that belongs to the other shop."""
SETTINGS = ["name", "greeting", "suggestion", "fallback", "synonyms", "speaks", "hours", "time_zone"]
SETTINGS += ["quiet_minutes", "handover", "away"]
FOR_EVERYBODY = {"", "login/", "logout/", "password_change/", "password_change/done/", "jsi18n/", "search/"}
PARAMETER = re.compile(r"<[^>]+>")


def routes(patterns: Any = None, before: str = "") -> Iterator[str]:
    """Every address of the admin below its own, with `<>` for each parameter."""
    for pattern in admin.site.get_urls() if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield PARAMETER.sub("<>", route)
        else:
            yield from routes(pattern.url_patterns, route)


PAGES = {route for route in routes() if re.match(r"(accounts|admin|auth|chat|robots)/\w+/", route)}


class RolesTest(AdminTest):
    """A member of staff works for a shop, and another one for the other."""

    def setUp(self) -> None:
        super().setUp()
        self.ours, self.our_rows = self.shop("own", 17, "我们")
        self.theirs, self.their_rows = self.shop("other", 18, CANARY)
        self.one = self.member("one", SHOP_STAFF.group, self.ours)
        self.client.force_login(self.one)

    def shop(self, name: str, number: int, word: str) -> tuple[Shop, dict[str, int]]:
        """A shop with one row of everything, and their keys by the beginning of the addresses of their pages."""
        app, now = self.world.app, timezone.now()
        shop = self.world.shop(f"{word}-{name}", number, {1: (f"{word}发什么快递", f"{word}发顺丰")})
        customer = self.world.account(f"{word}-customer", nickname=word)
        QuickReply.objects.create(shop=shop, shortcut=word, text=word)
        asked = UnansweredQuestion.objects.create(shop=shop, asker=customer, text=f"{word}有赠品吗")
        gaps.gather()
        message = self.world.said(customer.name, shop.account.name, text(f"{word}在吗"))
        endpoint = Endpoint.objects.create(app=app, url=f"https://{word}.example/", kinds=[])
        user = get_user_model().objects.create(username=f"{word}-{name}", is_staff=True)
        entry = LogEntry.objects.create(user=user, action_flag=CHANGE, object_repr=word, change_message=word)
        key, _text = app_keys.new(app=app, name=word, scopes=())
        key.save()
        rows: dict[str, Any] = {
            "accounts/account": customer,
            "accounts/app": app,
            "accounts/appkey": key,
            "admin/logentry": entry,
            "auth/group": Group.objects.create(name=f"{word}-{name}"),
            "auth/user": user,
            "chat/block": Block.objects.create(owner=shop.account, blocked=customer),
            "chat/conversation": Conversation.objects.get(owner=shop.account, peer=customer),
            "chat/delivery": Delivery.objects.create(
                endpoint=endpoint, kind="message.sent", lane=word, body=word, created_at=now, due_at=now
            ),
            "chat/endpoint": endpoint,
            "chat/message": message,
            "chat/notification": Notification.objects.create(app=app, text=word),
            "robots/gap": Gap.objects.get(shop=shop),
            "robots/note": Note.objects.create(account=customer, shop=shop, text=word),
            "robots/shop": shop,
            "robots/unansweredquestion": asked,
        }
        return shop, {place: row.pk for place, row in rows.items()}

    def member(self, name: str, group: str, *shops: Shop) -> User:
        """Somebody of the staff, in a role, who works for these shops."""
        user = get_user_model().objects.create(username=name, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        Membership.objects.bulk_create(Membership(user=user, shop=shop) for shop in shops)
        return user

    def path(self, route: str, rows: dict[str, int]) -> str:
        key = next((str(pk) for place, pk in rows.items() if route.startswith(f"{place}/")), "")
        return "/admin/" + route.replace("<>", key, 1).replace("<>", "csv")

    def change(self, *, shop: dict[str, Any] | None = None, **question: Any) -> list[str]:
        """Send the form of one's own shop, with its only question; what is wrong with it."""
        own = Faq.objects.get(shop=self.ours)
        row = {"id": own.pk, "shop": self.ours.pk, "question": own.question, "answer": own.answer, **question}
        settings = {name: getattr(self.ours, name) for name in SETTINGS}
        settings["seen"] = Shop.objects.get(pk=self.ours.pk).version
        fields = {**settings, **(shop or {}), **questions(row, existing=1), **NO_REPLIES}
        answer = self.client.post(f"/admin/robots/shop/{self.ours.pk}/change/", fields)
        return errors(answer.content.decode())

    def opened(self, rows: dict[str, int]) -> set[str]:
        """The pages about these rows that open."""
        return {route for route in PAGES if self.client.get(self.path(route, rows)).status_code == 200}


class EachPage(RolesTest):
    def test_opens_for_superusers(self) -> None:
        self.client.force_login(self.staff)
        self.assertEqual(self.opened(self.our_rows), SUPERUSERS_OPEN)
        self.assertEqual(self.opened(self.their_rows), SUPERUSERS_OPEN)

    def test_opens_for_platform_staff_but_those_of_secrets_and_rights(self) -> None:
        self.client.force_login(self.member("platform", PLATFORM_STAFF.group))
        self.assertEqual(self.opened(self.our_rows), PLATFORM_STAFF_OPENS)
        self.assertEqual(self.opened(self.their_rows), PLATFORM_STAFF_OPENS)

    def test_opens_for_shop_staff_where_it_is_about_their_shops(self) -> None:
        self.assertEqual(self.opened(self.our_rows), SHOP_STAFF_OPENS)

    def test_of_another_shops_rows_does_not_open_for_shop_staff(self) -> None:
        lists = {route for route in SHOP_STAFF_OPENS if "<>" not in route}
        self.assertEqual(self.opened(self.their_rows), lists)

    def test_opens_for_those_who_work_for_several_shops_where_it_is_about_one_of_them(self) -> None:
        self.client.force_login(self.member("both", SHOP_STAFF.group, self.ours, self.theirs))
        self.assertEqual(self.opened(self.our_rows), SHOP_STAFF_OPENS)
        self.assertEqual(self.opened(self.their_rows), SHOP_STAFF_OPENS)

    def test_does_not_open_for_staff_without_a_role(self) -> None:
        self.clerk(everything=False)
        self.assertEqual(self.opened(self.our_rows), set())

    def test_does_not_open_for_strangers(self) -> None:
        self.client.logout()
        self.assertEqual(self.opened(self.our_rows), set())

    def test_is_known_here(self) -> None:
        redirected = {f"{place}/<>/" for place in self.our_rows}
        never = {f"{place}/{page}" for place in self.our_rows for page in ("add/", "<>/delete/")}
        posted = {"chat/delivery/<>/resend/", "chat/endpoint/<>/rotate/", "chat/endpoint/<>/test/"}
        self.assertEqual(PAGES - SUPERUSERS_OPEN - redirected - never - posted, set())
        others = {route for route in routes() if route not in PAGES}
        self.assertEqual(
            others - FOR_EVERYBODY,
            {"autocomplete/", "r/<>/<>/", "^(?P<>accounts|admin|chat|robots|auth)/$", "(?P<>.*)$"},
        )


class WhatIsOfAnotherShop(RolesTest):
    def shown(self, path: str) -> str:
        return self.client.get(path, follow=True).content.decode()

    def test_shows_nowhere(self) -> None:
        for route in sorted(PAGES | FOR_EVERYBODY - {"logout/"}):
            with self.subTest(route):
                self.assertNotIn(CANARY, self.shown(self.path(route, self.their_rows)))

    def test_is_found_by_no_search(self) -> None:
        for route in sorted(route for route in SHOP_STAFF_OPENS if "<>" not in route):
            with self.subTest(route):
                self.assertNotIn(CANARY, self.shown(f"/admin/{route}?q={CANARY[:-1]}"))
        self.assertNotIn(CANARY, self.shown(f"/admin/search/?extended=1&s={CANARY[:-1]}"))

    def test_is_offered_for_no_choice(self) -> None:
        for model, model_admin in admin.site._registry.items():
            places: list[tuple[Any, Any]] = [(model, model_admin)]
            places += [(inline.model, inline) for inline in model_admin.inlines]
            for owner, place in places:
                for field in place.autocomplete_fields:
                    asked = f"app_label={owner._meta.app_label}&model_name={owner._meta.model_name}&field_name={field}"
                    with self.subTest(asked):
                        self.assertNotIn(CANARY, self.shown(f"/admin/autocomplete/?{asked}&term="))

    def test_is_changed_by_no_form(self) -> None:
        before = self.stored()
        for route in sorted(route for route in PAGES if "<>" in route):
            fields = {"post": "yes", "dismiss": "1", "name": "x", "make": "1", "question": "x", "answer": "x"}
            with self.subTest(route):
                self.assertIn(
                    self.client.post(self.path(route, self.their_rows), fields).status_code, (302, 403, 404, 405)
                )
        self.assertEqual(self.stored(), before)

    def stored(self) -> list[Any]:
        models = (Shop, Faq, QuickReply, Note, Gap, UnansweredQuestion)
        return [list(model._default_manager.order_by("pk").values()) for model in models]

    def test_is_reached_by_no_action(self) -> None:
        self.client.post(
            "/admin/robots/gap/", {"action": "dismiss", "_selected_action": [self.their_rows["robots/gap"]]}
        )
        chosen = [self.their_rows["robots/unansweredquestion"]]
        self.client.post("/admin/robots/unansweredquestion/", {"action": "settle", "_selected_action": chosen})
        self.client.post("/admin/robots/shop/", {"action": "disable", "_selected_action": [self.theirs.pk]})
        self.assertEqual(Gap.objects.get(shop=self.theirs).state, Gap.State.OPEN)
        self.assertFalse(UnansweredQuestion.objects.get(shop=self.theirs).settled)
        self.assertTrue(Shop.objects.get(pk=self.theirs.pk).enabled)

    def test_is_taken_into_no_form_of_ones_own_shop(self) -> None:
        before = list(Faq.objects.order_by("pk").values())
        self.change(id=Faq.objects.get(shop=self.theirs).pk, answer="抢来的")
        self.assertEqual(list(Faq.objects.order_by("pk").values()), before)


class ShopStaff(RolesTest):
    def test_change_what_their_robot_says(self) -> None:
        self.assertEqual(self.change(shop={"greeting": "您好呀"}, answer="发圆通"), [])
        self.assertEqual(Shop.objects.get(pk=self.ours.pk).greeting, "您好呀")
        self.assertEqual(Faq.objects.get(shop=self.ours).answer, "发圆通")

    def test_do_not_change_who_speaks_for_the_shop_nor_whether_it_is_open(self) -> None:
        taken = {"account": self.theirs.account.pk, "number": 99, "enabled": "", "app": self.theirs.app_id}
        self.assertEqual(self.change(shop=taken), [])
        shop = Shop.objects.get(pk=self.ours.pk)
        self.assertEqual((shop.account, shop.number, shop.enabled), (self.ours.account, 17, True))

    def test_find_their_customers_by_name(self) -> None:
        self.assertIn("我们-customer", self.page("/admin/chat/conversation/?q=我们-cust"))
        self.assertIn("我们在吗", self.page("/admin/chat/message/?q=我们-cust"))

    def test_give_nobody_rights(self) -> None:
        self.one.groups.add(group := Group.objects.create(name="all"))
        group.permissions.set(group.permissions.model.objects.filter(content_type__app_label="auth"))
        fields = {"username": "one", "is_superuser": "on", "is_active": "on", "is_staff": "on"}
        for path in (f"/admin/auth/user/{self.one.pk}/change/", "/admin/auth/user/add/", "/admin/auth/group/add/"):
            self.client.post(path, fields)
        self.assertFalse(User.objects.get(pk=self.one.pk).is_superuser)
        self.assertEqual(User.objects.filter(is_superuser=True).count(), 1)

    def test_see_nothing_more_once_they_work_there_no_longer(self) -> None:
        Membership.objects.all().delete()
        self.assertNotIn("我们", self.page("/admin/robots/shop/") + self.page("/admin/chat/message/"))


class StaffFromBefore(RolesTest):
    def test_see_what_they_saw(self) -> None:
        before = get_user_model().objects.create(username="before", is_staff=True)
        migration = import_module("accounts.migrations.0004_staff_who_see_everything")
        migration.let_staff_see_what_they_saw(apps, connection.schema_editor())
        self.assertTrue(User.objects.get(pk=before.pk).has_perm("accounts.see_everything"))
