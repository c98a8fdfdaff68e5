"""Notifications: everybody they are for is told once, whatever happens in between."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account, App
from chat import notifications, personal_data
from chat.drafts import Draft
from chat.messages import Stored, store
from chat.models import Conversation, Guest, Message, Notification
from chat.notifications import CHUNK
from chat.protocol.bodies import text_body
from tests.admin_case import AdminTest
from tests.admin_session import AdminSession
from tests.case import SocketTest

ADD = "/admin/chat/notification/add/"
WORDS = "双十一活动开始啦"


class NotificationTest(AdminTest):
    def told(self) -> Counter[str]:
        """How often each account was told something by the app's notification account."""
        sent = Message.objects.filter(sender=self.world.notification)
        return Counter(sent.values_list("recipient__name", flat=True))

    def everybody_once(self, *names: str) -> None:
        self.assertEqual(self.told(), Counter(names))

    def send(self, recipient: object = "", text: str = WORDS) -> Notification:
        """What staff send, and what a server does about it once it is committed."""
        self.submit(ADD, app=self.world.app.pk, recipient=recipient, text=text, _confirmed="")
        notification = Notification.objects.latest("pk")
        self.tell(notification)
        return notification

    def tell(self, notification: Notification, steps: int | None = None) -> list[int]:
        """Tell everybody, or take so many steps; returns how many were told in each."""
        body = text_body(notification.text)
        told = notifications.send(notification, body=body.json, preview=body.preview, store=store)
        taken = []
        for events in islice(told, steps):
            notifications.keep_claim(notification)
            taken.append(len(events))
        return taken


class ANotification(NotificationTest):
    def test_is_recorded_with_its_author_and_how_many_it_reached(self) -> None:
        self.world.accounts("User1", "User2")
        notification = self.send()
        self.assertEqual((notification.author, notification.reached, notification.text), (self.staff, 2, WORDS))

    def test_is_a_message_like_any_other(self) -> None:
        self.world.accounts("User1")
        self.send()
        view = self.world.view("User1", "notification")
        self.assertEqual((view.unread, view.preview, view.last_message_id), (1, WORDS, Message.objects.get().pk))

    def test_goes_to_one_account_if_staff_choose_one(self) -> None:
        self.world.accounts("User1", "User2")
        self.send(self.world.get("User2").pk)
        self.everybody_once("User2")

    def test_goes_to_accounts_that_may_sign_in(self) -> None:
        self.world.accounts("User1")
        self.world.account("User2", enabled=False)
        type(self.world)("default").account("User3")
        self.send()
        self.everybody_once("User1")

    def test_goes_to_no_guest_of_the_widget(self) -> None:
        shop = self.world.shop("dev17", 17, {}, guests=True)
        guest = Guest.objects.create(account=self.world.account("guest-1"), shop=shop, used_at=timezone.now())
        sent = {"app": self.world.app.pk, "recipient": guest.pk, "text": WORDS, "_confirmed": ""}
        self.assertIn("recipient", self.client.post(ADD, sent).context["adminform"].form.errors)
        self.assertFalse(Notification.objects.exists())

    def test_keeps_its_lines(self) -> None:
        self.world.accounts("User1")
        self.send(text="one\r\ntwo")
        self.assertEqual(Message.objects.get().body, text_body("one\ntwo").json)


class ThePreview(NotificationTest):
    def preview(self, **fields: object) -> str:
        """The page that follows the form."""
        return self.submit(ADD, app=self.world.app.pk, recipient="", text="<b>一</b>\n二", **fields)

    def test_shows_what_is_written_and_how_many_will_see_it_and_sends_nothing(self) -> None:
        self.world.accounts("User1", "User2")
        self.world.account("User3", enabled=False)
        page = self.preview()
        self.assertIn("<p>&lt;b&gt;一&lt;/b&gt;\n二</p>", page)
        self.assertIn("2 accounts will see this", page)
        self.assertEqual((Notification.objects.count(), Message.objects.count()), (0, 0))

    def test_leads_back_to_the_form_with_all_that_was_written(self) -> None:
        self.world.accounts("User1")
        page = self.preview(_changed="")
        self.assertIn("&lt;b&gt;一&lt;/b&gt;\n二</textarea>", page)
        self.assertIn(f'<option value="{self.world.app.pk}" selected>', page)
        self.assertEqual(Notification.objects.count(), 0)


class Once(NotificationTest):
    """Whatever is written on one page is sent once."""

    def setUp(self) -> None:
        super().setUp()
        self.world.accounts("User1", "User2")
        self.once = self.hidden(self.page(ADD))

    def hidden(self, page: str) -> str:
        """What names the page on which it was written."""
        (once,) = set(re.findall(r'name="once" value="([^"]+)"', page))
        return str(once)

    def post(self, text: str = WORDS, **fields: object) -> str:
        return self.submit(
            ADD, **{"app": self.world.app.pk, "recipient": "", "text": text, "once": self.once, **fields}
        )

    def test_is_named_by_the_form_and_all_that_follows(self) -> None:
        for page in (self.post(), self.post(_changed=""), self.refusal(ADD, once=self.once, text="")):
            self.assertEqual(self.hidden(page), self.once)
        self.assertNotEqual(self.hidden(self.page(ADD)), self.once)

    def test_is_sent_however_often_it_is_confirmed(self) -> None:
        self.post(_confirmed="")
        page = self.post(_confirmed="")
        self.assertIn("This was sent already, and is not sent once more.", page)
        self.assertEqual(Notification.objects.count(), 1)

    def test_is_not_even_shown_again_once_it_was_sent(self) -> None:
        self.post(_confirmed="")
        self.assertIn("This was sent already", self.post())

    def test_is_what_was_shown_first_though_another_text_comes_under_its_name(self) -> None:
        self.post(_confirmed="")
        self.post(text="别的", _confirmed="")
        self.assertEqual(Notification.objects.get().text, WORDS)

    def test_is_written_anew_where_somebody_went_back_and_wrote_another_text(self) -> None:
        self.post(_confirmed="")
        self.once = self.hidden(self.post(text="别的"))
        self.post(text="别的", _confirmed="")
        self.assertEqual(set(Notification.objects.values_list("text", flat=True)), {WORDS, "别的"})

    def test_is_told_where_another_page_has_sent_the_same(self) -> None:
        self.post(_confirmed="")
        self.once = self.hidden(self.page(ADD))
        self.assertIn("The same was sent to the same recipients", self.post())
        self.assertNotIn("The same was sent", self.post(text="别的"))
        self.assertNotIn("The same was sent", self.post(recipient=self.world.get("User1").pk))
        Notification.objects.update(created_at=timezone.now() - timedelta(days=2))
        self.assertNotIn("The same was sent", self.post())


class OnceAtTheSameTime(SocketTest):
    async def test_is_sent_once(self) -> None:
        self.world.accounts("User1")
        # What is to be said on the next page is the session's: in a single one any of four pages would be the next.
        servers = [self.deployment.next_server() for _ in range(4)]
        staff = [await AdminSession.begin(server, self.world.alias) for server in servers]
        once = re.findall(r'name="once" value="([^"]+)"', await staff[0].get(ADD))[0]
        fields = {"app": self.world.app.pk, "recipient": "", "text": WORDS, "once": once, "_confirmed": ""}
        pages = await asyncio.gather(*(one.submit(ADD, **fields) for one in staff))
        # All four lead to what was sent, and three of them say that another one has sent it.
        told = Counter(('id="way"' in page, "This was sent already" in page) for page in pages)
        self.assertEqual(told, {(True, False): 1, (True, True): 3})
        sent = Notification.objects.using(self.world.alias).filter(app=self.world.app)
        self.assertEqual(sent.count(), 1)


class TheForm(NotificationTest):
    def refused(self, **fields: object) -> None:
        for step in ({}, {"_confirmed": ""}):
            self.refusal(ADD, **{"app": self.world.app.pk, "recipient": "", "text": WORDS, **fields, **step})
            self.assertEqual((Notification.objects.count(), Message.objects.count()), (0, 0))

    def test_needs_somebody_to_tell(self) -> None:
        self.refused()
        self.world.accounts("User1")
        App.objects.update(enabled=False)
        self.refused()

    def test_needs_words(self) -> None:
        self.world.accounts("User1")
        for text in ("", "  \n ", "x" * 5001):
            with self.subTest(len(text)):
                self.refused(text=text)

    def test_needs_somebody_to_tell_who_is_no_guest(self) -> None:
        self.guest()
        self.refused()

    def guest(self) -> Account:
        account = self.world.account("guest-1")
        shop = self.world.shop("dev17", 17, {})
        Account.objects.filter(pk=shop.account_id).update(enabled=False)
        Guest.objects.create(account=account, shop=shop, used_at=timezone.now())
        return account

    def test_refuses_a_guest(self) -> None:
        self.world.accounts("User1")
        self.refused(recipient=self.guest().pk)

    def test_refuses_recipients_that_cannot_be_told(self) -> None:
        self.world.accounts("User1")
        stranger = type(self.world)("default").account("User1")
        disabled = self.world.account("User2", enabled=False)
        for recipient in (stranger, disabled, self.world.notification):
            with self.subTest(str(recipient)):
                self.refused(recipient=recipient.pk)


class ALargeApp(NotificationTest):
    COUNT = 2 * CHUNK + 100

    def setUp(self) -> None:
        super().setUp()
        self.names = [account.name for account in self.many_accounts(self.COUNT)]

    def test_is_told_in_chunks(self) -> None:
        notification = Notification.objects.create(app=self.world.app, text=WORDS)
        self.assertEqual(self.tell(notification), [CHUNK, CHUNK, 100])
        self.assertEqual(notification.reached, self.COUNT)
        self.everybody_once(*self.names)

    def test_takes_no_more_queries_for_each_chunk_however_large_it_is(self) -> None:
        notification = Notification.objects.create(app=self.world.app, text=WORDS)
        sending = notifications.send(notification, body="{}", preview="", store=store)
        next(sending)
        counts = []
        for _chunk in range(2):
            with CaptureQueriesContext(connection) as captured:
                next(sending)
            counts.append(len(captured))
        self.assertEqual(counts[0], counts[1])


class WhatBreaksOff(NotificationTest):
    def setUp(self) -> None:
        super().setUp()
        self.accounts = self.many_accounts(CHUNK + 50)

    def test_shows_staff_how_far_it_has_come(self) -> None:
        notification = Notification.objects.create(app=self.world.app, text=WORDS)
        self.tell(notification, steps=1)
        page = f"/admin/chat/notification/{notification.pk}/change/"
        so_far = f"On its way: {CHUNK} accounts were told so far"
        self.assertIn(f'value="{CHUNK}" max="{CHUNK + 50}"', self.page(page))
        self.assertIn(so_far, self.page("/admin/chat/notification/"))
        self.tell(notification)
        self.assertNotIn("<progress", self.page(page))
        self.assertIn(f"{CHUNK + 50} accounts were told", self.page(page))
        self.assertNotIn("On its way", self.page(page))

    def test_is_gone_on_with_and_nobody_is_told_twice(self) -> None:
        notification = Notification.objects.create(app=self.world.app, text=WORDS)
        self.tell(notification, steps=1)
        self.assertEqual(self.tell(Notification.objects.get()), [0, 50])
        self.everybody_once(*(account.name for account in self.accounts))
        unread = Conversation.objects.filter(peer=self.world.notification).values_list("unread", flat=True)
        self.assertEqual(set(unread), {1})

    def test_passes_over_who_is_erased_meanwhile(self) -> None:
        erased, *others = self.accounts

        def erase_and_store(drafts: Sequence[Draft]) -> Sequence[Stored]:
            for _ in personal_data.erase(erased):
                pass
            return store(drafts)

        notification = Notification.objects.create(app=self.world.app, text=WORDS)
        for _ in notifications.send(notification, body="{}", preview="", store=erase_and_store):
            pass
        self.assertEqual(notification.reached, len(others))
        self.everybody_once(*(account.name for account in others))

    def test_does_not_reach_accounts_that_came_after_it_was_written(self) -> None:
        notification = Notification.objects.create(app=self.world.app, text=WORDS)
        late = self.world.account("late")
        type(late).objects.filter(pk=late.pk).update(created_at=notification.created_at + timedelta(seconds=1))
        self.assertFalse(notifications.recipients(notification).filter(pk=late.pk).exists())
