"""Taking deliveries from the outbox and putting down what came of them. Plain functions for a database thread."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
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
SWITCHED_OFF = "switched off"
"""Why something was given up that nobody tried."""


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
    due = Delivery.objects.filter(state=WAITING, due_at__lte=now)
    # What is sent again has had its turn: it keeps nothing of its lane waiting.
    before = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"), lane=OuterRef("lane"), state=WAITING, finished_at=None, id__lt=OuterRef("id")
    )
    # Each endpoint by itself: one that is switched off, with all that waits for it, is not even looked at.
    ready = Endpoint.objects.filter(
        Q(paused_until=None) | Q(paused_until__lte=now), Exists(due.filter(endpoint=OuterRef("pk"))), enabled=True
    ).exclude(pk__in=list(busy))
    claimed: list[Claimed] = []
    for endpoint in ready.order_by("?"):
        with transaction.atomic():
            # Asked once more whether it is on: it may have been switched off a moment ago.
            first = due.filter(~Exists(before), endpoint=endpoint, endpoint__enabled=True).order_by("due_at", "id")
            found = list(
                first.select_for_update(
                    skip_locked=connection.features.has_select_for_update_skip_locked, of=("self",)
                )[:most]
            )
            Delivery.objects.filter(pk__in=[delivery.pk for delivery in found]).update(due_at=now + HELD)
        claimed.extend(_claimed(delivery, endpoint) for delivery in found)
        most -= len(found)
        if most <= 0:
            break
    return claimed


def settle(claimed: Claimed, result: Result) -> None:
    """Put down what came of an attempt: it is delivered, tried again later, or given up after a day."""
    now = timezone.now()
    with transaction.atomic():
        if result.delivered:
            Delivery.objects.filter(pk=claimed.id, state=WAITING).update(
                attempts=F("attempts") + 1,
                status=result.status,
                error="",
                state=Delivery.State.DELIVERED,
                finished_at=now,
            )
            failing = Endpoint.objects.filter(pk=claimed.endpoint_id, url=claimed.url, failures__gt=0)
            failing.update(failures=0, failing_since=None, paused_until=None)
            return
        # Held, so that what staff change of it meanwhile is not undone.
        endpoint = Endpoint.objects.select_for_update().filter(pk=claimed.endpoint_id).first()
        delivery = Delivery.objects.filter(pk=claimed.id, state=WAITING).first()
        if endpoint is None or delivery is None:
            return
        if endpoint.enabled and endpoint.url == claimed.url:
            _note_failure(endpoint, result)
        delivery.attempts += 1
        delivery.status, delivery.error = result.status, result.error[:200]
        # While the endpoint is switched off nothing is tried, and no time passes for what waits.
        since = max(delivery.created_at, endpoint.resumed_at or delivery.created_at)
        if endpoint.enabled and now - since > DAY and delivery.attempts > len(PAUSES):
            delivery.state, delivery.finished_at = Delivery.State.GIVEN_UP, now
        else:
            delivery.due_at = now + pause(delivery.attempts)
        delivery.save(update_fields=["attempts", "status", "error", "state", "finished_at", "due_at"])


def resume(endpoint: Endpoint) -> None:
    """The endpoint is switched on again, or has another address: what waits for it goes out now, as if it were new.

    For the caller to save, in the same transaction.
    """
    now = timezone.now()
    # Held first, as `settle` does.
    list(Endpoint.objects.select_for_update().filter(pk=endpoint.pk).values_list("pk"))
    endpoint.resumed_at, endpoint.disabled_at, endpoint.disabled_because = now, None, ""
    endpoint.failures, endpoint.failing_since, endpoint.paused_until = 0, None, None
    tried = Delivery.objects.filter(endpoint=endpoint, state=WAITING, attempts__gt=0)
    # Whatever is due sooner may be under way in some process.
    tried.filter(due_at__gt=now + HELD).update(due_at=now)
    tried.update(attempts=0)


def give_up() -> bool:
    """Give up some of what waits at endpoints that have been off for a day; whether there may be more."""
    now = timezone.now()
    off = Endpoint.objects.filter(enabled=False, disabled_at__lt=now - DAY)
    waiting = Delivery.objects.filter(state=WAITING)
    more = False
    for number in list(off.filter(Exists(waiting.filter(endpoint=OuterRef("pk")))).values_list("pk", flat=True)):
        with transaction.atomic():
            # Held, and asked once more whether it is off: `resume` may be giving what waits another day.
            if not list(off.select_for_update().filter(pk=number)):
                continue
            some = list(waiting.filter(endpoint=number).values_list("pk", flat=True)[:PURGED])
            given_up = {"state": Delivery.State.GIVEN_UP, "finished_at": now, "error": SWITCHED_OFF}
            Delivery.objects.filter(pk__in=some).update(**given_up)
        more = more or len(some) == PURGED
    return more


def pause(failures: int) -> timedelta:
    """How long to wait after so many failures, spread so that not everything comes back at once."""
    seconds = PAUSES[min(failures, len(PAUSES)) - 1]
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311  (spreads load, guards nothing)


def purge() -> bool:
    """Forget some of what was finished long ago, or was for endpoints that are no more; whether there may be more."""
    # In the words of the index, which are not those of "not waiting".
    old = _forget(Delivery.objects.filter(state__gt=WAITING, finished_at__lt=timezone.now() - KEPT))
    gone = set(_ever_told()) - set(Endpoint.objects.values_list("pk", flat=True))
    orphans = bool(gone) and _forget(Delivery.objects.filter(endpoint__in=gone))
    return old or orphans


def _ever_told() -> Iterator[int]:
    """The endpoints of all deliveries, each found by one look into the index."""
    numbers = Delivery.objects.order_by("endpoint_id").values_list("endpoint_id", flat=True)
    last: int | None = 0
    while (last := numbers.filter(endpoint_id__gt=last).first()) is not None:
        yield last


def _forget(rows: QuerySet[Delivery]) -> bool:
    """Delete some of these rows, other ones than other processes; whether there may be more."""
    with transaction.atomic():
        free = rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        some = list(free.values_list("pk", flat=True)[:PURGED])
        Delivery.objects.filter(pk__in=some).delete()
    return len(some) == PURGED


def waiting() -> tuple[int, float]:
    """Deliveries that wait, counted up to 10,000, and the age of the oldest in seconds.

    What stays where it is, as its endpoint is switched off, does not count.
    """
    rows = Delivery.objects.filter(state=WAITING, endpoint__enabled=True).order_by("due_at")
    times = list(rows.values_list("created_at", flat=True)[:10_000])
    return len(times), (timezone.now() - min(times)).total_seconds() if times else 0.0


def _claimed(delivery: Delivery, endpoint: Endpoint) -> Claimed:
    keys = [endpoint.secret]
    if endpoint.old_secret_until and endpoint.old_secret_until > timezone.now():
        keys.append(endpoint.old_secret)
    return Claimed(delivery.pk, endpoint.pk, endpoint.url, tuple(keys), delivery.name, delivery.body)


def _note_failure(endpoint: Endpoint, result: Result) -> None:
    """What the attempt tells of the endpoint: one that fails for a day, or says that it is gone, is switched off."""
    now = timezone.now()
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    if endpoint.failures >= PATIENT_WITH:
        endpoint.paused_until = now + pause(min(endpoint.failures - PATIENT_WITH + 1, 4))
    if result.status == 410 or now - endpoint.failing_since > DAY:
        endpoint.enabled, endpoint.disabled_at = False, now
        endpoint.disabled_because = "410 Gone" if result.status == 410 else f"24 h: {result.error}"[:200]
        endpoints.forget()
    switched = ["enabled", "disabled_at", "disabled_because"]
    endpoint.save(update_fields=["failures", "failing_since", "paused_until", *switched])
