"""What staff or an app's own server tell accounts, as messages from the app's notification account."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.directory import AccountRef
from accounts.lifecycle import add_notification_account
from accounts.models import Account
from accounts.refusals import Reason, Refusal
from chat.drafts import Draft
from chat.events import MessageSent
from chat.messages import Stored
from chat.models import Notification

CHUNK = 250
"""Accounts that are told at a time: few enough for other messages to get their turn in between."""
LATELY, LOOKED_AT = timedelta(days=1), 50
CLAIM = timedelta(seconds=30)
"""After which another process goes on with what one that has died was telling."""


def everybody(app_id: int) -> QuerySet[Account]:
    """Whom notifications of the app can be for: enabled accounts, guests of shops apart."""
    return Account.objects.filter(app=app_id, kind=Account.Kind.PERSON, enabled=True, guest=None)


def recipients(notification: Notification) -> QuerySet[Account]:
    """Whom the notification is for: those who were there when it was written."""
    accounts = everybody(notification.app_id).filter(created_at__lte=notification.created_at)
    if notification.recipient_id is not None:
        accounts = accounts.filter(pk=notification.recipient_id)
    if notification.recipient_ids is not None:
        accounts = accounts.filter(pk__in=notification.recipient_ids)
    return accounts


def sent_lately(notification: Notification) -> Notification | None:
    """One that said the same to the same within the last day, among the newest of the app."""
    newest = Notification.objects.filter(app=notification.app_id).order_by("-pk")[:LOOKED_AT]
    same = ("recipient_id", "recipient_ids", "text", "body")
    for other in newest:
        if timezone.now() - other.created_at > LATELY:
            return None
        if all(getattr(other, name) == getattr(notification, name) for name in same):
            return other
    return None


def addressed_to(account: Account) -> QuerySet[Notification]:
    """Those that name the account, alone or among others; not what everybody is told."""
    # SQLite does not look into JSON for an item: rows that hold its digits are looked at one by one.
    some = Notification.objects.filter(app=account.app_id, recipient_ids__isnull=False)
    some = some.annotate(ids=Cast("recipient_ids", TextField())).filter(ids__contains=str(account.pk))
    among = [number for number, ids in some.values_list("pk", "recipient_ids") if account.pk in (ids or ())]
    return Notification.objects.filter(Q(recipient=account) | Q(pk__in=among)).order_by("pk")


def forget(account: Account) -> None:
    """Let no notification name the account, and keep none that was for nobody else."""
    with transaction.atomic():
        for row in addressed_to(account).select_for_update():
            row.recipient_ids = [number for number in row.recipient_ids or () if number != account.pk]
            if row.recipient_ids:
                row.save(update_fields=["recipient_ids"])
            else:
                row.delete()


Store = Callable[[Sequence[Draft]], Sequence[Stored]]
"""Stores messages and says what came of each."""


def send(notification: Notification, *, body: str, preview: str, store: Store) -> Iterator[list[MessageSent]]:
    """Send it to all recipients, a chunk at a time; yields what was stored of each.

    May be called again after it failed or was not run to its end: those that were told already are not told twice.
    `reached` grows meanwhile, and is kept by `keep_claim`.
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
        outcomes = store(drafts)
        for outcome in outcomes:
            if isinstance(outcome, Refusal):
                # Who was erased a moment ago can't be told, and need not be.
                if outcome.reason is not Reason.UNKNOWN_ACCOUNT:
                    raise outcome
                reached -= 1
        reached += len(chunk)
        notification.reached = max(notification.reached, reached)
        yield [outcome for outcome in outcomes if isinstance(outcome, MessageSent)]
    notification.reached, notification.told_at = reached, timezone.now()
    notification.save(update_fields=["reached", "told_at"])


def claim(notification_id: int | None = None) -> Notification | None:
    """A notification that is still to be told, or this one, for this process alone as long as it says so.

    None if there is none, or if another process is telling it.
    """
    now = timezone.now()
    free = Notification.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=now), told_at=None)
    if notification_id is not None:
        free = free.filter(pk=notification_id)
    for number in list(free.order_by("pk").values_list("pk", flat=True)[:10]):
        if free.filter(pk=number).update(claimed_until=now + CLAIM):
            return Notification.objects.select_related("app").get(pk=number)
    return None


def keep_claim(notification: Notification) -> None:
    """Say that this process goes on telling it, and how far it has come."""
    notification.claimed_until = timezone.now() + CLAIM
    notification.save(update_fields=["claimed_until", "reached"])
