"""Guests: made with the first message, known again by what their browser keeps, and what page they look at."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import tokens
from accounts.addresses import network
from accounts.api.catalogue import LARGEST
from accounts.api.people import PersonView
from accounts.api.problems import Code, Problem
from accounts.api.views import given
from accounts.models import Account
from accounts.refusals import Refusal
from chat import guests, telling
from chat.api.tokens import ChatToken, PublicView, in_words
from chat.doors import limits
from chat.guests import Visit


def only_http(text: str) -> None:
    """Nothing that a browser would run, and nobody's password."""
    try:
        parts = urlsplit(text)
        right = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        right = False
    if not right:
        raise serializers.ValidationError(_("Only addresses of http and https."), "address")


class GoodsOnPage(serializers.Serializer[Any]):
    """A product as product cards have it."""

    goods_id = serializers.CharField(max_length=64)
    goods_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    goods_price = serializers.CharField(max_length=32, required=False, allow_blank=True)
    goods_cover = serializers.CharField(max_length=1000, required=False, validators=[only_http])
    goods_url = serializers.CharField(max_length=1000, required=False, validators=[only_http])


class PageVisited(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200, default="", allow_blank=True)
    address = serializers.CharField(max_length=1000, default="", allow_blank=True, validators=[only_http])
    goods = GoodsOnPage(default=None, allow_null=True)


class NewGuest(serializers.Serializer[Any]):
    appid = serializers.CharField(max_length=64)
    shop = serializers.IntegerField(min_value=0, max_value=LARGEST, help_text="The shop's number.")
    visit = PageVisited(required=False)


class Kept(serializers.Serializer[Any]):
    kept = serializers.CharField(max_length=500)


class GuestToken(ChatToken):
    kept = serializers.CharField(help_text="Good for new tokens of this guest alone, for 14 days from its last use.")


class Guests(PublicView):
    """For the widget: whoever has something to say to a shop that takes guests."""

    @extend_schema(summary="Be a shop's guest", request=NewGuest, responses={201: GuestToken}, auth=[])
    def post(self, request: Request) -> Response:
        """A new account that can talk with this shop and nobody else. Made with the first message, not before."""
        asked = given(NewGuest, request.data)
        try:
            shop = guests.shop_for_guests(appid=asked["appid"], number=asked["shop"])
            limits.guests.take(_network(request))
        except Refusal as refusal:
            raise in_words(refusal) from None
        visit = asked.get("visit")
        return _with_token(guests.welcome(shop, Visit(**visit) if visit else Visit()), 201)


class KeptGuests(PublicView):
    @extend_schema(summary="Be the same guest again", request=Kept, responses=GuestToken, auth=[])
    def post(self, request: Request) -> Response:
        """A new chat token for what the guest's browser has kept, and something newer to keep."""
        asked = given(Kept, request.data)
        try:
            limits.sign_ins.take(_network(request))
            guest = guests.back(asked["kept"])
        except Refusal as refusal:
            raise in_words(refusal) from None
        return _with_token(guest, 200)


class PageOfGuest(PersonView):
    @extend_schema(summary="Tell what page a guest looks at", request=PageVisited, responses={204: None})
    def put(self, request: Request) -> Response:
        """Told to the shop. For guests alone."""
        moved = guests.looks_at(self.account, Visit(**given(PageVisited, request.data)))
        if moved is None:
            raise Problem(Code.NOT_FOUND)
        telling.tell_from_thread(moved)
        return Response(status=204)


def _network(request: Request) -> str:
    return network(str(request.META.get("REMOTE_ADDR", "")))


def _with_token(guest: Account, status: int) -> Response:
    expires_at = datetime.now(UTC).replace(microsecond=0) + tokens.LIFETIME
    told = {"token": tokens.issue(guest), "expires_at": expires_at, "kept": guests.keep(guest)}
    return Response(GuestToken(told).data, status)
