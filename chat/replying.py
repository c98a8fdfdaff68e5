"""What shops tell customers who have waited for an answer, and who of them still does."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Greatest, Least
from django.dispatch import receiver

from accounts.directory import AccountRef
from accounts.models import Account
from accounts.refusals import Refusal
from chat.drafts import Draft
from chat.models import Block, Message
from chat.protocol.bodies import text_body
from chat.telling import write_from_thread
from robots.models import Gap, Shop
from robots.waiting import customers_wait, occasion, only_where

REPLIES = "gap-"
"""What the `client_id`s of all such replies begin with. A reply answers its own gap alone."""


@only_where
def nobody_has_written(gap: Gap) -> Q:
    """The shop has not written to the customer since the question, its robot apart, and neither blocks the other."""
    shop_account, asker = gap.shop.account_id, OuterRef("asker")
    ends = {"low": Least(asker, Value(shop_account)), "high": Greatest(asker, Value(shop_account))}
    said = Message.objects.alias(low=Least("sender", "recipient"), high=Greatest("sender", "recipient")).filter(**ends)
    said = said.filter(sender=shop_account, robot=None, recalled_at=None, created_at__gt=OuterRef("asked_at"))
    to_others = Q(client_id__startswith=REPLIES) & ~Q(client_id__startswith=occasion(gap))
    written = said.filter(Q(client_id=None) | ~to_others)
    unwanted = Block.objects.filter(
        Q(owner=asker, blocked=shop_account) | Q(owner=shop_account, blocked=asker),
    )
    return ~Exists(written) & ~Exists(unwanted)


@receiver(customers_wait)
def reply(sender: object, shop: Shop, account_ids: list[int], text: str, key: str, **signal: Any) -> int:
    """Say the text to each as the shop, once for a key; returns how many were told."""
    body = text_body(text)
    speaker = AccountRef.of(shop.account)
    told = Account.objects.filter(pk__in=account_ids, enabled=True).order_by("pk")
    drafts = [
        Draft(speaker, AccountRef.of(account), body.json, body.preview, f"{key}-{account.pk}") for account in told
    ]
    return sum(not isinstance(outcome, Refusal) for outcome in write_from_thread(drafts))
