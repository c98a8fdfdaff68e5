"""Arranging what a test begins with, and looking at what it left in the database."""

import json
import uuid
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet
from django.utils import timezone

from accounts.lifecycle import NOTIFICATION_NAME, NOTIFICATION_NICKNAME
from accounts.models import Account, App
from chat.messages import between
from chat.models import Conversation, Message
from robots.models import Faq, Shop, UnansweredQuestion

PASSWORD = "123456"
_hash = make_password(PASSWORD)
"""One hash for all accounts of the tests: servers that have checked it once remember."""


class World:
    """An app of its own in a deployment's database, empty but for what the test puts there."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self.appid = uuid.uuid4().hex
        self.app = App.objects.using(alias).create(appid=self.appid, name="a test's app")
        self.notification = Account.objects.using(alias).create(
            app=self.app,
            name=NOTIFICATION_NAME,
            nickname=NOTIFICATION_NICKNAME,
            kind=Account.Kind.NOTIFICATION,
            password="!",
        )

    def account(self, name: str, **fields: Any) -> Account:
        return Account.objects.using(self.alias).create(
            app=self.app, name=name, **{"password": _hash, "nickname": name, **fields}
        )

    def accounts(self, *names: str) -> None:
        for name in names:
            self.account(name)

    def shop(self, account: str, number: int, faqs: dict[int, tuple[str, str]], **fields: Any) -> Shop:
        """A shop with its account and its questions, which stand in the order given."""
        shop = Shop.objects.using(self.alias).create(
            app=self.app, number=number, account=self.account(account), name=account, **fields
        )
        Faq.objects.using(self.alias).bulk_create(
            Faq(shop=shop, number=n, question=question, answer=answer, position=position)
            for position, (n, (question, answer)) in enumerate(faqs.items())
        )
        return shop

    def notify(self, name: str, content: str) -> Message:
        """A message from the notification account as it lies in the database; no socket is told of it."""
        recipient, now = self.get(name), timezone.now()
        message = Message.objects.using(self.alias).create(
            sender=self.notification,
            recipient=recipient,
            body=json.dumps({"type": "txt", "content": content}, ensure_ascii=False),
            created_at=now,
        )
        sides = ((recipient, self.notification, 1), (self.notification, recipient, 0))
        for owner, peer, unread in sides:
            view = self.conversations().filter(owner=owner, peer=peer).first() or Conversation(owner=owner, peer=peer)
            view.unread += unread
            view.last_message_id, view.last_message_at, view.preview = message.pk, now, content
            view.save(using=self.alias)
        return message

    def get(self, name: str) -> Account:
        return Account.objects.using(self.alias).get(app=self.app, name=name)

    def messages(self) -> QuerySet[Message]:
        """Every message of the app."""
        return Message.objects.using(self.alias).filter(sender__app=self.app).order_by("id")

    def conversations(self) -> QuerySet[Conversation]:
        """Every side's view in the app."""
        return Conversation.objects.using(self.alias).filter(owner__app=self.app)

    def view(self, owner: str, peer: str) -> Conversation:
        return self.conversations().get(owner__name=owner, peer__name=peer)

    def unanswered(self) -> list[str]:
        rows = UnansweredQuestion.objects.using(self.alias).filter(shop__app=self.app).order_by("id")
        return list(rows.values_list("text", flat=True))

    def recount(self, owner: str, peer: str) -> int:
        """How many messages wait for the owner, counted one by one."""
        view = self.view(owner, peer)
        return (
            between(view.owner_id, view.peer_id)
            .using(self.alias)
            .filter(sender_id=view.peer_id, id__gt=max(view.read_up_to, view.cleared_up_to))
            .count()
        )
