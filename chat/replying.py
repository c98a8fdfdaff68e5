"""What shops tell customers who have waited for an answer."""

from typing import Any

from django.dispatch import receiver

from accounts.directory import AccountRef
from accounts.models import Account
from accounts.refusals import Refusal
from chat.drafts import Draft
from chat.protocol.bodies import text_body
from chat.telling import write_from_thread
from robots.gaps import customers_wait
from robots.models import Shop


@receiver(customers_wait)
def reply(sender: object, shop: Shop, account_ids: list[int], text: str, key: str, **signal: Any) -> int:
    """Say the text to each as the shop, once for a key; returns how many were told."""
    body = text_body(text)
    speaker = AccountRef.of(shop.account)
    waiting = Account.objects.filter(pk__in=account_ids, enabled=True).exclude(pk=speaker.id)
    drafts = [
        Draft(speaker, AccountRef.of(account), body.json, body.preview, f"{key}-{account.pk}")
        for account in waiting.order_by("pk")
    ]
    return sum(not isinstance(outcome, Refusal) for outcome in write_from_thread(drafts))
