"""What staff tell an account, or all accounts of an app, as messages from the app's notification account."""

from collections.abc import Iterator

from django.db.models import QuerySet

from accounts.directory import AccountRef
from accounts.lifecycle import add_notification_account
from accounts.models import Account
from accounts.refusals import Refusal
from chat.drafts import Draft
from chat.events import MessageSent
from chat.messages import store
from chat.models import Notification
from chat.pairs import exclusive

CHUNK = 250
"""Accounts that are told in one transaction: few enough for other writers to get their turn in between."""


def recipients(notification: Notification) -> QuerySet[Account]:
    """Whom the notification is for: enabled accounts that were there when it was written."""
    accounts = Account.objects.filter(
        app_id=notification.app_id,
        kind=Account.Kind.PERSON,
        enabled=True,
        created_at__lte=notification.created_at,
    )
    if notification.recipient_id is not None:
        accounts = accounts.filter(pk=notification.recipient_id)
    return accounts


def send(notification: Notification, *, body: str, preview: str) -> Iterator[list[MessageSent]]:
    """Tell all recipients; yields what happened after each commit.

    May be called again after it failed or was not run to its end: those that were told already are not told twice.
    `reached` is set when everybody was told, and is 0 until then.
    """
    notifier = AccountRef.of(add_notification_account(notification.app))
    reached, last = 0, 0
    while chunk := list(recipients(notification).filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        drafts = [
            Draft(
                notifier,
                AccountRef.of(account),
                body,
                preview,
                client_id=f"notification-{notification.pk}-{account.pk}",
            )
            for account in chunk
        ]
        with exclusive(draft.pair for draft in drafts):
            outcomes = store(drafts)
        for outcome in outcomes:
            if isinstance(outcome, Refusal):
                raise outcome
        reached += len(chunk)
        yield [outcome for outcome in outcomes if isinstance(outcome, MessageSent)]
    notification.reached = reached
    notification.save(update_fields=["reached"])
