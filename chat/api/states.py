"""How things stand with accounts right now: what they have not read, and whether they are online."""

from typing import Any, ClassVar

from asgiref.sync import async_to_sync
from django.db.models import Sum
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.names import NAME_SCHEMA, AccountName
from accounts.api.problems import Code, Problem
from accounts.api.views import AppView, given
from accounts.models import Account, Scope
from chat import presence
from chat.models import Conversation, LastSeen

MOST_NAMES = 100
NAMES = OpenApiParameter(
    "account", {"type": "array", "items": NAME_SCHEMA, "minItems": 1, "maxItems": MOST_NAMES}, required=True
)


class Names(serializers.Serializer[Any]):
    account = serializers.ListField(child=AccountName(), min_length=1, max_length=MOST_NAMES)


class Unread(serializers.Serializer[Any]):
    account = serializers.CharField()
    unread = serializers.IntegerField()


class Online(serializers.Serializer[Any]):
    account = serializers.CharField()
    online = serializers.BooleanField()
    last_seen = serializers.DateTimeField(allow_null=True)


class StateView(AppView):
    scopes: ClassVar = {"GET": Scope.MESSAGES_READ}

    def named(self, request: Request) -> dict[str, int]:
        """The accounts that were asked about, in order, with their ids."""
        names = given(Names, {"account": request.query_params.getlist("account")})["account"]
        ids = dict(self.own(Account).filter(kind=Account.Kind.PERSON, name__in=names).values_list("name", "pk"))
        unknown = sorted(set(names) - ids.keys())
        if unknown:
            raise Problem(Code.UNKNOWN_ACCOUNT, accounts=unknown)
        return {name: ids[name] for name in names}


class UnreadTotals(StateView):
    @extend_schema(summary="Unread totals", parameters=[NAMES], responses=Unread(many=True))
    def get(self, request: Request) -> Response:
        """For up to 100 accounts, in the order of the names."""
        ids = self.named(request)
        rows = self.own(Conversation).filter(owner__in=ids.values(), unread__gt=0).values_list("owner")
        totals = dict(rows.annotate(total=Sum("unread")))
        return Response([{"account": name, "unread": totals.get(number, 0)} for name, number in ids.items()])


class OnlineStates(StateView):
    @extend_schema(summary="Who is online", parameters=[NAMES], responses=Online(many=True))
    def get(self, request: Request) -> Response:
        """For up to 100 accounts, in the order of the names: online is who has a socket open, in whichever process.

        `last_seen` is null for who is online, and for who never was.
        """
        ids = self.named(request)
        online = async_to_sync(_online)(list(ids.values()))
        seen = dict(self.own(LastSeen).filter(account__in=ids.values()).values_list("account", "at"))
        states = [
            {"account": name, "online": number in online, "last_seen": None if number in online else seen.get(number)}
            for name, number in ids.items()
        ]
        return Response(Online(states, many=True).data)


async def _online(accounts: list[int]) -> set[int]:
    """The event loop is where it is known who is online."""
    return await presence.current().online(accounts)
