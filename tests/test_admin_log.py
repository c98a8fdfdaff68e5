"""What is noted of what staff did: who, what and when, and no words of customers."""

import re
from importlib import import_module

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model

from accounts.models import Account
from chat import personal_data
from chat.models import Block, Conversation, Notification
from chat.webhooks.models import Delivery, Endpoint
from robots import gaps
from robots.models import Gap, Note, UnansweredQuestion
from tests.admin_case import AdminTest, told
from tests.case import text

NOTED = {
    "accounts_account_disable",
    "accounts_account_enable",
    "accounts_account_password",
    "accounts_account_sign_out",
    "accounts_account_test_accounts",
    "accounts_appkey_revoke",
    "auth_user_password_change",
    "chat_conversation_talk",
    "chat_delivery_resend",
    "chat_endpoint_rotate",
    "chat_endpoint_test",
    "chat_message_find",
    "robots_gap_dismiss",
    "robots_gap_merge",
    "robots_note_move",
    "robots_shop_disable",
    "robots_shop_enable",
    "robots_shop_export",
    "robots_shop_import",
    "robots_unansweredquestion_settle",
}
ONLY_LOOKS = {"robots_gap_questions", "robots_shop_learning", "robots_shop_trial"}
WORDS = "我住在幸福路九号"


class LogTest(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop = self.world.shop("dev17", 17, {3: ("送什么礼物", "送杯子")})
        self.person = self.world.account("User1")
        self.asked = UnansweredQuestion.objects.create(shop=self.shop, asker=self.person, text=WORDS)
        gaps.gather()
        self.gap = Gap.objects.get()

    def endpoint(self) -> Endpoint:
        return Endpoint.objects.create(app=self.world.app, url="https://shop.example/", kinds=[])

    def noted(self, row: Model) -> list[str]:
        """What was noted of a row, the oldest first."""
        kind = ContentType.objects.get_for_model(row)
        entries = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk)).order_by("pk")
        kept = list(entries.values_list("object_repr", flat=True))
        return [f"{name} {said}" for name, said in zip(kept, told(entries), strict=True)]


class TheLog(LogTest):
    def test_names_a_question_without_the_customers_words(self) -> None:
        self.submit(f"/admin/robots/unansweredquestion/{self.asked.pk}/change/", settled="on")
        self.submit(f"/admin/robots/gap/{self.gap.pk}/change/", question=WORDS, answer="好", way="new")
        self.assertEqual(
            self.noted(self.asked) + self.noted(self.gap),
            [f"#{self.asked.pk} Changed Settled.", f"#{self.gap.pk} Filled by question 4."],
        )

    def test_names_a_notification_without_what_it_says(self) -> None:
        self.submit(
            "/admin/chat/notification/add/", app=self.world.app.pk, recipient=self.person.pk, text=WORDS, _confirmed=""
        )
        (noted,) = self.noted(row := Notification.objects.get())
        self.assertIn(f"#{row.pk}", noted)
        self.assertNotIn(WORDS, noted)

    def test_has_neither_name_nor_address_of_who_is_erased(self) -> None:
        kind = ContentType.objects.get_for_model(Account)
        LogEntry.objects.create(
            user=self.staff,
            content_type=kind,
            object_id=str(self.person.pk),
            object_repr="User1",
            action_flag=CHANGE,
            change_message="Ended a socket from PC, 192.0.2.7.",
        )
        for _ in personal_data.erase(self.person):
            pass
        self.assertEqual(self.noted(self.person), [f"erased-{self.person.pk} Change"])

    def test_has_forgotten_the_words_that_it_kept_once(self) -> None:
        kinds = [ContentType.objects.get_for_model(model) for model in (Gap, UnansweredQuestion, Notification, Account)]
        for kind in kinds:
            LogEntry.objects.create(
                user=self.staff,
                content_type=kind,
                object_id="5",
                object_repr=WORDS,
                action_flag=CHANGE,
                change_message=f"“{WORDS}” is a question of the shop now." if kind.model == "gap" else "",
            )
        import_module("chat.migrations.0015_log_without_words").forget_words(apps, connection.schema_editor())
        of_kind = dict(LogEntry.objects.values_list("content_type__model", "object_repr"))
        self.assertEqual(of_kind, {"gap": "#5", "unansweredquestion": "#5", "notification": "#5", "account": WORDS})
        self.assertFalse(LogEntry.objects.filter(change_message__contains=WORDS).exists())


class TheList(LogTest):
    PAGE = "/admin/admin/logentry/"

    def block(self, *blocked: Account) -> None:
        for account in blocked:
            self.submit("/admin/chat/block/add/", owner=self.shop.account_id, blocked=account.pk)

    def test_says_whom_a_block_is_about_and_keeps_no_name(self) -> None:
        self.block(self.person)
        self.submit(f"/admin/chat/block/{Block.objects.get().pk}/delete/", post="yes")
        self.assertEqual(
            set(LogEntry.objects.values_list("object_repr", flat=True)), {f"{self.shop.account_id} ⊘ {self.person.pk}"}
        )
        self.assertEqual(self.page(self.PAGE).count(">dev17 ⊘ User1<"), 2)

    def test_says_who_was_erased_as_it_is_called_now(self) -> None:
        self.block(self.person)
        for _ in personal_data.erase(self.person):
            pass
        self.assertIn(f">dev17 ⊘ erased-{self.person.pk}<", self.page(self.PAGE))

    def test_takes_as_many_queries_for_many_as_for_few(self) -> None:
        self.block(*self.many_accounts(2, "a"))
        few = len(self.queries(self.PAGE))
        self.block(*self.many_accounts(20, "b"))
        self.assertEqual(len(self.queries(self.PAGE)), few)


class IsNoted(LogTest):
    def test_that_gaps_were_dismissed(self) -> None:
        self.submit("/admin/robots/gap/", action="dismiss", _selected_action=[self.gap.pk])
        self.assertEqual(self.noted(self.gap), [f"#{self.gap.pk} Dismissed."])

    def test_that_a_gap_was_opened_again_once_it_was(self) -> None:
        for fields in ({"dismiss": "1"}, {"reopen": "1"}, {"reopen": "1"}):
            self.submit(f"/admin/robots/gap/{self.gap.pk}/change/", **fields)
        self.assertEqual(self.noted(self.gap), [f"#{self.gap.pk} Dismissed.", f"#{self.gap.pk} Opened again."])

    def test_to_whom_notes_were_moved(self) -> None:
        note, other = Note.objects.create(account=self.person, text=WORDS), self.world.account("User2")
        self.submit(f"/admin/robots/note/move/?ids={note.pk}", account=other.pk)
        self.assertEqual(self.noted(note), [f"#{note.pk} Moved to account #{other.pk}."])

    def test_that_questions_were_settled(self) -> None:
        self.submit("/admin/robots/unansweredquestion/", action="settle", _selected_action=[self.asked.pk])
        self.assertEqual(self.noted(self.asked), [f"#{self.asked.pk} Settled."])

    def test_who_read_a_conversation(self) -> None:
        self.world.notify("User1", "欢迎")
        talk = Conversation.objects.earliest("pk")
        self.page(f"/admin/chat/conversation/{talk.pk}/talk/")
        self.assertEqual(self.noted(talk), [f"{talk} Read the conversation."])

    def test_that_all_messages_were_searched_and_not_for_what(self) -> None:
        self.page(f"/admin/chat/message/find/?q={WORDS}")
        (entry,) = LogEntry.objects.all()
        self.assertEqual((entry.user, told([entry])), (self.staff, ["Searched in all messages."]))
        self.assertRegex(self.page("/admin/admin/logentry/"), r'class="field-what[^>]*>\s*Message\s*<')

    def test_who_read_messages_in_their_list(self) -> None:
        message = self.world.said("User1", "dev17", text(WORDS))
        self.page("/admin/chat/message/")
        (entry,) = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(message))
        self.assertEqual((entry.user, told([entry])), (self.staff, ["Read the list of messages."]))
        self.page(f"/admin/chat/message/{message.pk}/change/")
        self.assertEqual(self.noted(message), [f"#{message.pk} Read the message."])

    def test_that_a_shops_questions_were_exported(self) -> None:
        self.page(f"/admin/robots/shop/{self.shop.pk}/questions.csv")
        self.assertEqual(self.noted(self.shop), [f"{self.shop} Exported its questions."])

    def test_that_a_webhook_was_tried_and_delivered_once_more(self) -> None:
        endpoint = self.endpoint()
        self.client.post(f"/admin/chat/endpoint/{endpoint.pk}/test/")
        delivery = Delivery.objects.get()
        Delivery.objects.update(state=Delivery.State.DELIVERED)
        self.client.post(f"/admin/chat/delivery/{delivery.pk}/resend/")
        self.assertEqual(self.noted(endpoint), [f"{endpoint} Sent a test."])
        self.assertEqual(self.noted(delivery), [f"{delivery} Delivered once more."])

    def test_who_saw_the_secret_of_a_webhook(self) -> None:
        endpoint = self.endpoint()
        self.page(f"/admin/chat/endpoint/{endpoint.pk}/change/")
        self.assertEqual(self.noted(endpoint), [f"{endpoint} Saw the secret."])

    def test_whatever_pages_and_actions_of_ours_do(self) -> None:
        """Where one is added, it notes what it does, or only looks; then its name belongs here."""
        ours = set()
        for model, shown in admin.site._registry.items():
            of_django = {"add", "change", "delete", "history", "changelist"}
            start = f"{model._meta.app_label}_{model._meta.model_name}_"
            names = [str(getattr(page, "name", "")) for page in shown.get_urls()]
            pages = {name.removeprefix(start) for name in names if name.startswith(start)} - of_django
            ours |= {f"{start}{name}" for name in pages | set(map(str, shown.actions or ()))}
        self.assertEqual(ours, NOTED | ONLY_LOOKS)


class TheListOfWhatStaffDid(LogTest):
    path = "/admin/admin/logentry/"

    def note(self, count: int) -> None:
        kind = ContentType.objects.get_for_model(Gap)
        for n in range(count):
            LogEntry.objects.create(
                user=self.staff, content_type=kind, object_id=str(n), object_repr=f"#{n}", action_flag=CHANGE
            )

    def test_says_what_was_done_and_leads_to_it(self) -> None:
        self.submit("/admin/robots/gap/", action="dismiss", _selected_action=[self.gap.pk])
        page = self.page(self.path)
        self.assertIn("Dismissed.", page)
        self.assertIn(f"/admin/robots/gap/{self.gap.pk}/change/", page)

    def test_takes_as_many_queries_for_many_as_for_few(self) -> None:
        self.note(2)
        few = len(self.queries(self.path))
        self.note(40)
        self.assertEqual(len(self.queries(self.path)), few)

    def test_changes_nothing(self) -> None:
        self.note(1)
        entry = LogEntry.objects.get()
        paths = [f"{self.path}add/", f"{self.path}{entry.pk}/delete/"]
        self.assertEqual([self.client.post(path).status_code for path in paths], [403, 403])
        self.assertEqual(self.client.post(f"{self.path}{entry.pk}/change/", {"object_repr": "x"}).status_code, 403)


class TheHistoryOfARow(LogTest):
    def test_says_its_headings_once(self) -> None:
        self.submit("/admin/robots/gap/", action="dismiss", _selected_action=[self.gap.pk])
        page = self.page(f"/admin/robots/gap/{self.gap.pk}/history/")
        self.assertEqual([page.count(heading) for heading in ("Date/time", ">User<", ">Action<")], [1, 1, 1])
        self.assertNotIn("data-label", page)
        self.assertIn("Dismissed.", page)


class TheFirstPage(LogTest):
    def lately(self) -> list[str]:
        """What it says was changed lately, the newest first."""
        page = self.page("/admin/").partition("What you changed lately")[2].partition("</section>")[0]
        entries = [re.sub(r"<time.*?</time>|<[^>]*>", " ", entry) for entry in page.split("</li>")[:-1]]
        return [" ".join(entry.split()) for entry in entries]

    def test_names_what_one_has_changed_and_says_how(self) -> None:
        self.submit("/admin/chat/block/add/", owner=self.shop.account_id, blocked=self.person.pk)
        self.submit("/admin/robots/gap/", action="dismiss", _selected_action=[self.gap.pk])
        self.assertEqual(
            self.lately(),
            [f"Question robots can&#x27;t answer #{self.gap.pk} Dismissed.", "Block dev17 ⊘ User1 Added."],
        )

    def test_has_nothing_of_what_one_only_looked_at(self) -> None:
        self.page(f"/admin/robots/shop/{self.shop.pk}/questions.csv")
        self.page("/admin/chat/message/")
        self.page(f"/admin/chat/endpoint/{self.endpoint().pk}/change/")
        self.assertEqual(self.lately(), [])

    def test_has_nothing_of_what_others_changed(self) -> None:
        self.submit("/admin/robots/gap/", action="dismiss", _selected_action=[self.gap.pk])
        self.clerk("view_gap", "change_gap")
        self.assertEqual(self.lately(), [])
