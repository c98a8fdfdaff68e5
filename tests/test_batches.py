"""What one transaction of many messages leaves in the lists of those who talk."""

from django.test import TestCase

from accounts.directory import AccountRef
from accounts.lifecycle import create_account, create_app
from chat.database.pairs import exclusive
from chat.drafts import Draft
from chat.messages import store
from chat.models import Conversation
from chat.protocol.bodies import text_body


class ABatch(TestCase):
    def setUp(self) -> None:
        app = create_app(appid="batches", name="batches")
        self.ann, self.bob, self.cid = (
            AccountRef.of(create_account(app=app, name=name, password="123456")) for name in ("ann", "bob", "cid")
        )

    def send(self, *talks: tuple[AccountRef, str]) -> None:
        """ann says all of this in one transaction."""
        drafts = []
        for to, text in talks:
            body = text_body(text)
            drafts.append(Draft(self.ann, to, body.json, body.preview))
        with exclusive(draft.pair for draft in drafts):
            store(drafts)

    def test_counts_once_in_conversations_that_it_begins_and_in_those_that_go_on(self) -> None:
        self.send((self.bob, "one"))
        self.send((self.bob, "two"), (self.cid, "first"), (self.cid, "second"))
        rows = Conversation.objects.order_by("owner__name", "peer__name")
        self.assertEqual(
            list(rows.values_list("owner__name", "peer__name", "unread", "preview")),
            [
                ("ann", "bob", 0, "two"),
                ("ann", "cid", 0, "second"),
                ("bob", "ann", 2, "two"),
                ("cid", "ann", 2, "second"),
            ],
        )
