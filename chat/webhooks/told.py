"""What endpoints were told or are still to be told, as far as it is kept: read, put right, and forgotten."""

from collections.abc import Iterable, Iterator

import msgspec
from django.db.models import Q, QuerySet

from chat.database.pairs import pair
from chat.database.walking import each
from chat.webhooks.models import Delivery, Endpoint, Kind


def conversation_lane(one_id: int, other_id: int) -> str:
    """What is told of the talk between two accounts arrives in order."""
    low, high = pair(one_id, other_id)
    return f"{low}-{high}"


def account_lane(account_id: int) -> str:
    """So does what is told of an account's coming and going."""
    return f"account-{account_id}"


def of(app_id: int, lanes: Iterable[str]) -> QuerySet[Delivery]:
    """What the app's endpoints are told in these lanes; found by the indexes of what waits and of what is finished."""
    endpoints = list(Endpoint.objects.filter(app=app_id).values_list("pk", flat=True))
    return Delivery.objects.filter(Q(state=Delivery.State.WAITING) | Q(state__gt=Delivery.State.WAITING)).filter(
        endpoint__in=endpoints, lane__in=list(lanes)
    )


def each_of(app_id: int, lanes: Iterable[str]) -> Iterator[Delivery]:
    """The same one by one, in the order in which it happened."""
    return each(of(app_id, lanes))


def take_back(app_id: int, lane: str, message_id: int, body: str) -> None:
    """Put `body` in the place of what the message said: whatever waits is told so, and the log keeps nothing else."""
    rows = of(app_id, [lane]).filter(kind=Kind.MESSAGE_SENT, body__contains=f'"message_id":{message_id},')
    for delivery in rows.select_for_update():
        told = msgspec.json.decode(delivery.body)
        if told["data"]["message_id"] == message_id:
            told["data"]["message"] = msgspec.Raw(body.encode())
            delivery.body = msgspec.json.encode(told).decode()
            delivery.save(update_fields=["body"])
