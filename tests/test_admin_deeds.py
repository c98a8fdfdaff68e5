"""What staff did is told in the language of whoever reads it, whatever language it was done in."""

import re
from typing import Any

from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from accounts.models import Account, AppKey
from chat.models import Block, Conversation
from chat.webhooks.models import Delivery
from robots import gaps
from robots.models import Faq, Gap, Note, Shop, UnansweredQuestion
from tests.admin_case import told
from tests.test_admin_log import NOTED, LogTest
from tests.test_admin_roles import SETTINGS
from tests.test_admin_shops import NO_REPLIES, questions

NAMED = re.compile("“[^”]*”")
"""What things are called by those who made them."""
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile("[A-Za-z]{2,}")
LIST = "/admin/admin/logentry/"


def said(page: str) -> list[str]:
    """The last column of the list of what staff did."""
    return [NAMED.sub("", text) for text in re.findall(r'class="field-said[^>]*>\s*([^<]*?)\s*<', page)]


class EveryDeed(LogTest):
    """There is a method for each page and action that notes something, and for what Django's own pages note."""

    def setUp(self) -> None:
        super().setUp()
        self.world.said("User1", "dev17", {"type": "txt", "content": "1"})
        self.talk = Conversation.objects.get(owner=self.shop.account)
        self.other = get_user_model().objects.create(username="9", is_staff=True)

    def in_language(self, language: str) -> None:
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language

    def act(self, page: str, action: str, *rows: Any) -> None:
        self.submit(page, action=action, _selected_action=[row.pk for row in rows])

    def accounts_account_disable(self) -> None:
        self.act("/admin/accounts/account/", "disable", self.person)

    def accounts_account_enable(self) -> None:
        Account.objects.filter(pk=self.person.pk).update(enabled=False)
        self.act("/admin/accounts/account/", "enable", self.person)

    def accounts_account_sign_out(self) -> None:
        self.act("/admin/accounts/account/", "sign_out", self.person)

    def accounts_account_password(self) -> None:
        self.submit(f"/admin/accounts/account/{self.person.pk}/password/", password="654321", again="654321")

    def accounts_account_test_accounts(self) -> None:
        fields = {"app": self.world.app.pk, "beginning": "t", "count": 1, "password": "654321"}
        self.submit("/admin/accounts/account/test-accounts/", **fields)

    def accounts_appkey_revoke(self) -> None:
        self.submit("/admin/accounts/appkey/add/", app=self.world.app.pk, name="9", scopes=["accounts:read"])
        self.act("/admin/accounts/appkey/", "revoke", AppKey.objects.latest("pk"))

    def auth_user_password_change(self) -> None:
        page = f"/admin/auth/user/{self.other.pk}/password/"
        self.submit(page, password1="staff-password-9", password2="staff-password-9", usable_password="true")

    def chat_conversation_talk(self) -> None:
        page = f"/admin/chat/conversation/{self.talk.pk}/talk/"
        self.submit(page, note="9")
        self.page(page)

    def chat_delivery_resend(self) -> None:
        self.chat_endpoint_test()
        Delivery.objects.update(state=Delivery.State.DELIVERED)
        self.client.post(f"/admin/chat/delivery/{Delivery.objects.latest('pk').pk}/resend/")

    def chat_endpoint_rotate(self) -> None:
        self.client.post(f"/admin/chat/endpoint/{self.endpoint().pk}/rotate/")

    def chat_endpoint_test(self) -> None:
        endpoint = self.endpoint()
        self.client.post(f"/admin/chat/endpoint/{endpoint.pk}/test/")
        self.page(f"/admin/chat/endpoint/{endpoint.pk}/change/")

    def chat_message_find(self) -> None:
        self.page("/admin/chat/message/find/?q=99")
        self.page("/admin/chat/message/")
        self.page(f"/admin/chat/message/{self.world.messages().latest('pk').pk}/change/")

    def robots_gap_dismiss(self) -> None:
        page = f"/admin/robots/gap/{self.gap.pk}/change/"
        for way in ("dismiss", "reopen"):
            self.submit(page, **{way: "1"})
        self.act("/admin/robots/gap/", "dismiss", self.gap)
        self.submit(page, reopen="1")
        self.submit(page, question="9", answer="9", way="new")

    def robots_gap_merge(self) -> None:
        for text in ("周末可以上门安装吗", "能用支付宝付款吗"):
            UnansweredQuestion.objects.create(shop=self.shop, asker=self.person, text=text)
        gaps.gather()
        self.act("/admin/robots/gap/", "merge", *Gap.objects.filter(state="open"))

    def robots_note_move(self) -> None:
        note = Note.objects.create(account=self.person, text="9")
        other = self.world.account("User2")
        self.submit(f"/admin/robots/note/move/?ids={note.pk}", account=other.pk)

    def robots_shop_disable(self) -> None:
        self.act("/admin/robots/shop/", "disable", self.shop)

    def robots_shop_enable(self) -> None:
        Shop.objects.filter(pk=self.shop.pk).update(enabled=False)
        self.act("/admin/robots/shop/", "enable", self.shop)

    def robots_shop_export(self) -> None:
        self.page(f"/admin/robots/shop/{self.shop.pk}/questions.csv")

    def robots_shop_import(self) -> None:
        page = f"/admin/robots/shop/{self.shop.pk}/import/"
        shown = self.client.post(page, {"file": SimpleUploadedFile("q.csv", b"question,answer\n99,9\n")})
        (packed,) = re.findall(r'name="seen" value="([^"]+)"', shown.content.decode())
        self.submit(page, seen=packed)

    def robots_unansweredquestion_settle(self) -> None:
        self.act("/admin/robots/unansweredquestion/", "settle", self.asked)
        self.submit(f"/admin/robots/unansweredquestion/{self.asked.pk}/change/")

    def what_django_notes(self) -> None:
        """Something is added, deleted, changed, changed together with what belongs to it, and left as it is."""
        self.submit("/admin/chat/block/add/", owner=self.shop.account_id, blocked=self.person.pk)
        self.gone = Block.objects.get().pk
        self.submit(f"/admin/chat/block/{self.gone}/delete/", post="yes")
        page = f"/admin/accounts/app/{self.world.app.pk}/change/"
        for name in ("9", "9"):
            self.submit(page, name=name, enabled="on", sites="")
        self.shop.refresh_from_db()
        settings = {name: getattr(self.shop, name) for name in SETTINGS}
        settings |= {"number": self.shop.number, "account": self.shop.account_id, "enabled": "on", "away": "9"}
        faq = Faq.objects.filter(shop=self.shop).earliest("pk")
        rows = questions(
            {"id": faq.pk, "shop": self.shop.pk, "number": faq.number, "question": "8", "answer": "8", "keywords": "8"},
            {"question": "7", "answer": "7"},
            existing=1,
        )
        page = f"/admin/robots/shop/{self.shop.pk}/change/"
        self.submit(page, seen=self.shop.version, **settings, **rows, **NO_REPLIES)

    def all(self) -> None:
        for name in sorted(NOTED):
            before = LogEntry.objects.count()
            getattr(self, name)()
            self.assertGreater(LogEntry.objects.count(), before, name)
        self.what_django_notes()

    def told(self) -> list[str]:
        """All that was done, as the list says it and the histories of what it was done with."""
        listed = said(self.page(LIST))
        self.assertEqual(len(listed), LogEntry.objects.count())
        rows = LogEntry.objects.exclude(action_flag=DELETION).exclude(object_id=None).select_related("content_type")
        pages = {str(entry.get_admin_url()) for entry in rows} - {f"/admin/chat/block/{self.gone}/change/"}
        histories = [text for page in sorted(pages) for text in said(self.page(page.replace("/change/", "/history/")))]
        self.assertGreaterEqual(len(histories), len(pages))
        return listed + histories

    def test_done_in_english_is_told_in_chinese(self) -> None:
        self.in_language("en")
        self.all()
        self.in_language("zh-hans")
        self.assertEqual([text for text in self.told() if ENGLISH.search(text) or not CHINESE.search(text)], [])

    def test_done_in_chinese_is_told_in_english(self) -> None:
        self.in_language("zh-hans")
        self.all()
        self.in_language("en")
        self.assertEqual([text for text in self.told() if CHINESE.search(text) or not ENGLISH.search(text)], [])


class WhatWasKeptAsASentence(LogTest):
    def test_can_still_be_read(self) -> None:
        for sentence in ("Read the message.", "查看了消息。", "结束了一个来自PC的连接（192.0.2.7）。"):
            LogEntry.objects.create(user=self.staff, action_flag=CHANGE, object_repr="#5", change_message=sentence)
        with override("zh-hans"):
            self.assertEqual(
                told(LogEntry.objects.order_by("pk")),
                ["查看了消息。", "查看了消息。", "结束了一个来自PC的连接（192.0.2.7）。"],
            )
