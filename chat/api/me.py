"""What pages ask about the account that is signed in, and about those with whom it talks."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.people import PersonView
from accounts.api.problems import Code, Problem
from accounts.models import Account, Source
from chat import peers
from chat.peers import Known
from robots.models import Shop


class ShopOfAccount(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField()


class Me(serializers.Serializer[Any]):
    appid = serializers.CharField(source="app.appid")
    account = serializers.CharField(source="name")
    nickname = serializers.CharField(source="shown_name")
    avatar = serializers.CharField()
    shop = serializers.SerializerMethodField()

    @extend_schema_field(ShopOfAccount(allow_null=True))
    def get_shop(self, account: Account) -> Any:
        return _shop(account)


class Visited(serializers.Serializer[Any]):
    title = serializers.CharField()
    address = serializers.CharField(help_text="Of http or https, or empty.")
    goods = serializers.DictField(allow_null=True)


class Peer(serializers.Serializer[Any]):
    account = serializers.CharField(source="account.name")
    nickname = serializers.CharField(source="account.shown_name")
    avatar = serializers.CharField(source="account.avatar")
    shop = serializers.SerializerMethodField()
    last_seen = serializers.DateTimeField(allow_null=True, help_text="When it last came or went; null if it never did.")
    talking_since = serializers.DateTimeField(allow_null=True, help_text="When the first message was sent.")
    last_source = serializers.ChoiceField(
        choices=Source.choices,
        allow_null=True,
        source="source",
        help_text="What it came from last. Told to shops alone, as is `goods`.",
    )
    goods = serializers.DictField(allow_null=True, help_text="`data` of the newest product card in the conversation.")
    guest = Visited(allow_null=True, help_text="What page a guest looks at; null of everybody else.")

    @extend_schema_field(ShopOfAccount(allow_null=True))
    def get_shop(self, known: Known) -> Any:
        return _shop(known.account)


def _shop(account: Account) -> Any:
    shop = Shop.objects.filter(account=account, enabled=True).first()
    return ShopOfAccount(shop).data if shop else None


class WhoAmI(PersonView):
    @extend_schema(summary="Who is signed in", responses=Me)
    def get(self, request: Request) -> Response:
        """The account of the token, and the shop that it speaks for, if it does."""
        return Response(Me(self.account).data)


class OnePeer(PersonView):
    @extend_schema(summary="Whom one talks with", responses=Peer)
    def get(self, request: Request, account: str) -> Response:
        """Somebody with whom the signed-in account has talked, or a shop of its app."""
        # PostgreSQL can't be asked for a text with NUL in it.
        known = None if "\0" in account else peers.find(self.account, account)
        if known is None:
            raise Problem(Code.UNKNOWN_ACCOUNT)
        return Response(Peer(known).data)
