"""Who may open the admin's pages: staff with the permission, and nobody else."""

from typing import ClassVar

from django.contrib.auth import get_user_model

from accounts.models import Account, App
from chat.models import Conversation, Message, Notification
from chat.webhooks.models import Endpoint
from robots import gaps
from robots.models import Gap, Note, UnansweredQuestion
from tests.admin_case import AdminTest
from tests.admin_session import AdminSession
from tests.case import SocketTest, text


class PageTest(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        shop = self.world.shop("dev17", 17, {1: ("发什么快递", "发顺丰a")})
        self.person = self.world.account("User1")
        UnansweredQuestion.objects.create(shop=shop, asker=self.person, text="有赠品吗")
        gaps.gather()
        gap = Gap.objects.get()
        self.world.notify("User1", "欢迎")
        notification = Notification.objects.create(app=self.world.app, text="促销")
        accounts = "/admin/accounts/account/"
        self.pages = {
            "/admin/accounts/app/": "view_app",
            "/admin/accounts/app/add/": "add_app",
            f"/admin/accounts/app/{self.world.app.pk}/change/": "view_app",
            accounts: "view_account",
            f"{accounts}add/": "add_account",
            f"{accounts}test-accounts/": "add_account",
            f"{accounts}{self.person.pk}/change/": "view_account",
            f"{accounts}{self.person.pk}/password/": "change_account",
            "/admin/robots/shop/": "view_shop",
            "/admin/robots/shop/add/": "add_shop",
            f"/admin/robots/shop/{shop.pk}/change/": "view_shop",
            f"/admin/robots/shop/{shop.pk}/robot/": "view_shop",
            "/admin/robots/unansweredquestion/": "view_unansweredquestion",
            "/admin/robots/gap/": "view_gap",
            f"/admin/robots/gap/{gap.pk}/change/": "view_gap",
            "/admin/chat/conversation/": "view_conversation",
            f"/admin/chat/conversation/{Conversation.objects.earliest('pk').pk}/change/": "view_conversation",
            "/admin/chat/message/": "view_message",
            f"/admin/chat/message/{Message.objects.earliest('pk').pk}/change/": "view_message",
            "/admin/chat/notification/": "view_notification",
            "/admin/chat/notification/add/": "add_notification",
            f"/admin/chat/notification/{notification.pk}/change/": "view_notification",
        }

    def statuses(self) -> dict[str, int]:
        return {path: self.client.get(path).status_code for path in self.pages}


class APage(PageTest):
    def test_opens_for_a_superuser(self) -> None:
        self.assertEqual(self.statuses(), dict.fromkeys(self.pages, 200))

    def test_opens_in_chinese_where_the_browser_names_no_language(self) -> None:
        del self.client.defaults["HTTP_ACCEPT_LANGUAGE"]
        self.assertIn("商城客服聊天", self.page("/admin/"))
        self.assertEqual(self.statuses(), dict.fromkeys(self.pages, 200))

    def test_sends_strangers_to_the_sign_in(self) -> None:
        self.client.logout()
        self.assertEqual(self.statuses(), dict.fromkeys(self.pages, 302))

    def test_is_refused_to_staff_without_permission(self) -> None:
        self.clerk()
        self.assertEqual(self.statuses(), dict.fromkeys(self.pages, 403))

    def test_opens_with_its_own_permission(self) -> None:
        self.clerk(*self.pages.values(), "view_account", "view_app", "view_notification")
        self.assertEqual(self.statuses(), dict.fromkeys(self.pages, 200))


class WhoMayOnlyLook(PageTest):
    def setUp(self) -> None:
        super().setUp()
        self.clerk("view_account", "view_app", "view_notification")

    def test_cannot_run_actions(self) -> None:
        fields = {"action": "disable", "_selected_action": [self.person.pk]}
        self.client.post("/admin/accounts/account/", fields)
        self.assertTrue(Account.objects.get(pk=self.person.pk).enabled)

    def test_cannot_set_passwords(self) -> None:
        path = f"/admin/accounts/account/{self.person.pk}/password/"
        self.assertEqual(self.client.post(path, {"password": "123456", "again": "123456"}).status_code, 403)
        self.assertEqual(Account.objects.get(pk=self.person.pk).password, self.person.password)

    def test_cannot_send_notifications(self) -> None:
        fields = {"app": self.world.app.pk, "recipient": "", "text": "促销", "_confirmed": ""}
        self.assertEqual(self.client.post("/admin/chat/notification/add/", fields).status_code, 403)
        self.assertEqual((Notification.objects.count(), Message.objects.count()), (1, 1))


class TheSecretOfAWebhook(PageTest):
    def test_is_seen_by_those_alone_who_may_change_it(self) -> None:
        endpoint = Endpoint.objects.create(app=self.world.app, url="https://shop.example/", kinds=[])
        for may, seen in (("change_endpoint", True), ("view_endpoint", False)):
            with self.subTest(may):
                self.clerk(may)
                page = self.client.get(f"/admin/chat/endpoint/{endpoint.pk}/change/").content.decode()
                self.assertIn("https://shop.example/", page)
                self.assertEqual(endpoint.secret in page, seen)
                get_user_model().objects.get(username="clerk").delete()


class WhatNobodyMayDo(PageTest):
    def forbidden(self, *paths: str) -> None:
        for path in paths:
            with self.subTest(path):
                self.assertEqual(self.client.post(path, {"post": "yes"}).status_code, 403)

    def test_delete_apps_and_accounts(self) -> None:
        self.forbidden(
            f"/admin/accounts/app/{self.world.app.pk}/delete/", f"/admin/accounts/account/{self.person.pk}/delete/"
        )
        self.client.post(
            "/admin/accounts/account/", {"action": "delete_selected", "_selected_action": [self.person.pk], "post": "y"}
        )
        self.assertTrue(App.objects.filter(pk=self.world.app.pk).exists())
        self.assertTrue(Account.objects.filter(pk=self.person.pk).exists())

    def test_write_messages_or_conversations(self) -> None:
        message, conversation = Message.objects.earliest("pk"), Conversation.objects.earliest("pk")
        self.forbidden(
            "/admin/chat/message/add/",
            f"/admin/chat/message/{message.pk}/change/",
            f"/admin/chat/message/{message.pk}/delete/",
            "/admin/chat/conversation/add/",
            f"/admin/chat/conversation/{conversation.pk}/change/",
            f"/admin/chat/conversation/{conversation.pk}/delete/",
        )

    def test_change_or_delete_a_notification(self) -> None:
        notification = Notification.objects.get()
        self.forbidden(
            f"/admin/chat/notification/{notification.pk}/change/", f"/admin/chat/notification/{notification.pk}/delete/"
        )


class ALetterThatNoDatabaseKeeps(SocketTest):
    deployments: ClassVar[tuple[str, ...]] = ("grown-up",)

    async def test_is_no_fault_of_a_page(self) -> None:
        shop = self.world.shop("dev17", 17, {})
        self.world.accounts("User1")
        self.world.said("User1", "dev17", text("在吗"))
        talk = self.world.conversations().filter(owner=shop.account).get()
        staff = await AdminSession.begin(self.deployment.servers[0], self.world.alias)
        for page in (
            "robots/gap/?state=%00",
            f"robots/shop/{shop.pk}/change/?find=%00",
            f"robots/shop/{shop.pk}/robot/?sentence=%00",
            "chat/message/find/?q=ab&of=%00",
            "chat/message/find/?q=a%00b",
            f"chat/conversation/{talk.pk}/talk/?q=%00",
        ):
            with self.subTest(page):
                await staff.get(f"/admin/{page}")
        await staff.submit(f"/admin/chat/conversation/{talk.pk}/talk/", note="a\0b")
        self.assertEqual(Note.objects.using(self.world.alias).get(shop=shop).text, "ab")
