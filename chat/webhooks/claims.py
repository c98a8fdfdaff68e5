"""Taking deliveries from the outbox and putting down what came of them. Plain functions for a database thread."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from chat.webhooks import endpoints
from chat.webhooks.models import Delivery, Endpoint

WAITING = Delivery.State.WAITING
HELD = timedelta(seconds=60)
"""How long a claim holds: longer than an attempt takes. Then the process that claimed it must have been killed."""
PAUSES = (5, 30, 120, 300, 900, 1800, 3600, 7200, 14400)
"""Seconds until the next attempt, by how many have failed; the last one again and again."""
PATIENT_WITH = 3
"""Failures in a row after which nothing at all is tried with an endpoint for a while."""
DAY = timedelta(days=1)
KEPT = timedelta(days=7)
PURGED = 500


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this process is to attempt now."""

    id: int
    endpoint_id: int
    url: str
    secrets: tuple[str, ...]
    name: str
    body: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an attempt; `status` is None where no answer came."""

    status: int | None
    error: str

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def claim(most: int, busy: Iterable[int]) -> list[Claimed]:
    """Deliveries that are due, the oldest of each lane alone, held for this process; none of the `busy` endpoints."""
    now = timezone.now()
    ready = {
        endpoint.pk: endpoint
        for endpoint in Endpoint.objects.filter(Q(paused_until=None) | Q(paused_until__lte=now), enabled=True).exclude(
            pk__in=list(busy)
        )
    }
    if not ready:
        return []
    before = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"), lane=OuterRef("lane"), state=WAITING, id__lt=OuterRef("id")
    )
    with transaction.atomic():
        due = (
            Delivery.objects.filter(~Exists(before), state=WAITING, due_at__lte=now, endpoint__in=list(ready))
            .order_by("due_at", "id")
            .select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)[:most]
        )
        found = list(due)
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in found]).update(due_at=now + HELD)
    return [_claimed(delivery, ready[delivery.endpoint_id]) for delivery in found]


def settle(claimed: Claimed, result: Result) -> None:
    """Put down what came of an attempt: it is delivered, tried again later, or given up after a day."""
    now = timezone.now()
    with transaction.atomic():
        delivery = Delivery.objects.filter(pk=claimed.id, state=WAITING).first()
        if delivery is None:
            return
        delivery.attempts += 1
        delivery.status, delivery.error = result.status, result.error[:200]
        if result.delivered:
            delivery.state, delivery.finished_at = Delivery.State.DELIVERED, now
        elif now - delivery.created_at > DAY and delivery.attempts > len(PAUSES):
            delivery.state, delivery.finished_at = Delivery.State.GIVEN_UP, now
        else:
            delivery.due_at = now + pause(delivery.attempts)
        delivery.save(update_fields=["attempts", "status", "error", "state", "finished_at", "due_at"])
        _note(claimed.endpoint_id, result)


def pause(failures: int) -> timedelta:
    """How long to wait after so many failures, spread so that not everything comes back at once."""
    seconds = PAUSES[min(failures, len(PAUSES)) - 1]
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311  (spreads load, guards nothing)


def purge() -> None:
    """Forget what was finished long ago, and what an endpoint that is no more would have been told."""
    with transaction.atomic():
        old = Delivery.objects.filter(~Q(state=WAITING), finished_at__lt=timezone.now() - KEPT)
        Delivery.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:PURGED])).delete()


def waiting() -> tuple[int, float]:
    """Deliveries that wait, counted up to 10,000, and the age of the oldest in seconds."""
    rows = Delivery.objects.filter(state=WAITING).order_by("due_at").values_list("created_at", flat=True)[:10_000]
    times = list(rows)
    return len(times), (timezone.now() - min(times)).total_seconds() if times else 0.0


def _claimed(delivery: Delivery, endpoint: Endpoint) -> Claimed:
    keys = [endpoint.secret]
    if endpoint.old_secret_until and endpoint.old_secret_until > timezone.now():
        keys.append(endpoint.old_secret)
    return Claimed(delivery.pk, endpoint.pk, endpoint.url, tuple(keys), delivery.name, delivery.body)


def _note(endpoint_id: int, result: Result) -> None:
    """What the attempt tells of the endpoint: one that fails for a day, or says that it is gone, is switched off."""
    now = timezone.now()
    if result.delivered:
        failing = Endpoint.objects.filter(pk=endpoint_id, failures__gt=0)
        failing.update(failures=0, failing_since=None, paused_until=None)
        return
    Endpoint.objects.filter(pk=endpoint_id).update(failures=F("failures") + 1)
    endpoint = Endpoint.objects.filter(pk=endpoint_id).first()
    if endpoint is None:
        return
    endpoint.failing_since = endpoint.failing_since or now
    if endpoint.failures >= PATIENT_WITH:
        endpoint.paused_until = now + pause(min(endpoint.failures - PATIENT_WITH + 1, 4))
    if result.status == 410 or now - endpoint.failing_since > DAY:
        endpoint.enabled = False
        endpoint.disabled_because = "410 Gone" if result.status == 410 else f"24 h: {result.error}"[:200]
        endpoints.forget()
    endpoint.save(update_fields=["failing_since", "paused_until", "enabled", "disabled_because"])
