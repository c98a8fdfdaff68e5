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
        body = json.dumps({"type": "txt", "content": content}, ensure_ascii=False)
        return self._said(self.notification, self.get(name), body, content)

    def _said(self, sender: Account, recipient: Account, body: str, preview: str) -> Message:
        now = timezone.now()
        message = Message.objects.using(self.alias).create(
            sender=sender, recipient=recipient, body=body, created_at=now
        )
        for owner, peer, unread in ((recipient, sender, 1), (sender, recipient, 0)):
            view = self.conversations().filter(owner=owner, peer=peer).first() or Conversation(owner=owner, peer=peer)
            view.unread += unread
            view.last_message_id, view.last_message_at, view.preview = message.pk, now, preview
            view.save(using=self.alias)
        return message

    def said(self, sender: str, recipient: str, body: dict[str, Any]) -> Message:
        """A message as it lies in the database; no socket is told of it."""
        return self._said(self.get(sender), self.get(recipient), json.dumps(body, ensure_ascii=False), "…")

    def history(self, one: str, other: str, count: int) -> None:
        """`message 1` to the last of `count`, said in turns."""
        sides = (self.get(one), self.get(other))
        now = timezone.now()
        bodies = [json.dumps({"type": "txt", "content": f"message {n}"}) for n in range(1, count)]
        Message.objects.using(self.alias).bulk_create(
            Message(sender=sides[n % 2], recipient=sides[1 - n % 2], body=body, created_at=now)
            for n, body in enumerate(bodies)
        )
        self._said(*sides, json.dumps({"type": "txt", "content": f"message {count}"}), f"message {count}")

    def many_conversations(self, owner: str, count: int) -> None:
        """One message each from friend0, friend1 …"""
        account, now = self.get(owner), timezone.now()
        friends = Account.objects.using(self.alias).bulk_create(
            Account(app=self.app, name=f"friend{n}", nickname=f"friend{n}", password=_hash) for n in range(count)
        )
        messages = Message.objects.using(self.alias).bulk_create(
            Message(sender=friend, recipient=account, body='{"type":"txt","content":"hi"}', created_at=now)
            for friend in friends
        )
        Conversation.objects.using(self.alias).bulk_create(
            Conversation(
                owner=account, peer=friend, unread=1, last_message_id=message.pk, last_message_at=now, preview="hi"
            )
            for friend, message in zip(friends, messages, strict=True)
        )

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
