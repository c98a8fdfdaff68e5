"""Long lists, a page at a time: `cursor` goes on exactly where the page before ended, however the list has grown."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.problems import Code, Problem
from accounts.api.views import given

DEFAULT, MOST = 50, 200
LARGEST = 2**63 - 1
LONGEST = 200
"""Letters of a cursor."""

T = TypeVar("T")
Place = list[int]

PARAMETERS = [
    OpenApiParameter(
        "cursor",
        {"type": "string", "minLength": 1, "maxLength": LONGEST},
        description="`next` of the page before; without it the first page.",
    ),
    OpenApiParameter(
        "limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT}, description="Rows on a page."
    ),
]


class Asked(serializers.Serializer[Any]):
    cursor = serializers.CharField(required=False, max_length=LONGEST)
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=DEFAULT)


def asked(request: Request, places: int = 1) -> tuple[Place | None, int]:
    """The place behind which the page begins, as so many numbers, and the rows wanted."""
    query = given(Asked, {name: value for name, value in request.query_params.items() if name in ("cursor", "limit")})
    cursor = query.get("cursor")
    return (_decoded(cursor, places) if cursor is not None else None), query["limit"]


def page(rows: Sequence[T], limit: int, place: Callable[[T], Place], shown: Callable[[T], Any]) -> dict[str, Any]:
    """A page of `limit` rows, of which one more was read if there is one."""
    some = rows[:limit]
    more = len(rows) > limit
    return {"results": [shown(row) for row in some], "next": _encoded(place(some[-1])) if more else None}


def _encoded(place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def _decoded(cursor: str, places: int) -> Place:
    try:
        place = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except ValueError:
        place = None
    sound = isinstance(place, list) and len(place) == places
    if not sound or not all(type(number) is int and 0 <= number <= LARGEST for number in place):
        raise Problem(Code.INVALID_CURSOR)
    return list(place)
