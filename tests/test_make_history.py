"""`manage.py make_history`: what it makes up looks like what people would have made."""

from io import StringIO

from django.core.management import CommandError, call_command
from django.test import TestCase

from accounts.lifecycle import create_account, create_app
from chat.messages import between
from chat.models import Conversation, Message


class MadeUpConversations(TestCase):
    def setUp(self) -> None:
        self.account = create_account(app=create_app(appid="shop", name="shop"), name="Ken", password="123456")
        call_command(
            "make_history", account="Ken", appid="shop", conversations=3, messages=10, verbosity=0, stdout=StringIO()
        )

    def test_there_are_as_many_messages_as_asked_for(self) -> None:
        self.assertEqual(Message.objects.count(), 10)

    def test_both_sides_have_every_conversation(self) -> None:
        self.assertEqual(Conversation.objects.filter(owner=self.account).count(), 3)
        self.assertEqual(Conversation.objects.filter(peer=self.account).count(), 3)

    def test_both_sides_take_turns(self) -> None:
        peer = Conversation.objects.filter(owner=self.account).order_by("peer_id")[0].peer_id
        senders = [message.sender_id for message in between(self.account.pk, peer).order_by("id")]
        self.assertEqual(senders, [peer, self.account.pk, peer, self.account.pk])

    def test_what_waits_is_what_the_peer_sent(self) -> None:
        view = Conversation.objects.filter(owner=self.account).order_by("peer_id")[0]
        self.assertEqual(view.unread, 2)


class WrongAmounts(TestCase):
    def test_an_unknown_account_is_named(self) -> None:
        with self.assertRaisesMessage(CommandError, "there is no account Nobody"):
            call_command("make_history", account="Nobody", conversations=1, messages=1)
