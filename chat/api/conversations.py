"""Conversations and their messages over HTTP, and what shops say."""

from datetime import datetime
from typing import Any, ClassVar

import msgspec
from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import paging
from accounts.api.fields import Flag, Text
from accounts.api.names import AccountName
from accounts.api.problems import Code, Problem
from accounts.api.views import AppView, given, named
from accounts.directory import AccountRef
from accounts.models import Account, Scope
from accounts.refusals import Refusal
from chat import history, peers
from chat.api.bodies import MessageBody, checked
from chat.drafts import Draft
from chat.events import MessageSent
from chat.history import Line
from chat.models import Conversation
from chat.telling import write_from_thread
from robots.models import Shop

ROW = (
    "pinned",
    "last_message_id",
    "peer__name",
    "peer__nickname",
    "peer__kind",
    "unread",
    "preview",
    "last_message_at",
)


class ConversationShown(serializers.Serializer[Any]):
    peer = serializers.CharField(help_text="Whom the account talks with.")
    nickname = serializers.CharField()
    notifications = serializers.BooleanField(help_text="These are the app's notifications.")
    unread = serializers.IntegerField()
    pinned = serializers.BooleanField()
    last_message_id = serializers.IntegerField()
    last_message = serializers.CharField(help_text="A preview.")
    last_message_at = serializers.DateTimeField()


class Filters(serializers.Serializer[Any]):
    unread = Flag(default=False)


class ConversationPage(serializers.Serializer[Any]):
    results = ConversationShown(many=True)
    next = serializers.CharField(allow_null=True)


class MessageShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    sender = serializers.CharField()
    recipient = serializers.CharField()
    message = MessageBody()
    read = serializers.BooleanField(help_text="The recipient has read it.")
    created_at = serializers.DateTimeField()
    robot = serializers.BooleanField(help_text="The shop's robot said it.")
    recalled_at = serializers.DateTimeField(
        allow_null=True, help_text="When its sender took it back: a text that says so stands in its place then."
    )


class MessagePage(serializers.Serializer[Any]):
    results = MessageShown(many=True)
    next = serializers.CharField(allow_null=True)


class Period(serializers.Serializer[Any]):
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)


PERIOD = [
    OpenApiParameter("since", datetime, description="Only messages of this moment or later."),
    OpenApiParameter("until", datetime, description="Only messages of before this moment."),
]


class ShopSays(serializers.Serializer[Any]):
    account = AccountName(help_text="Whom the shop writes to.")
    message = MessageBody()
    client_id = Text(
        max_length=64, required=False, help_text="Your own name for it: what is sent again with it is stored once."
    )


class Receipt(serializers.Serializer[Any]):
    message_id = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    read = serializers.BooleanField()


class Conversations(AppView):
    scopes: ClassVar = {"GET": Scope.MESSAGES_READ}

    @extend_schema(
        summary="List an account's conversations",
        parameters=[
            *paging.PARAMETERS,
            OpenApiParameter("unread", bool, description="Only those with unread messages."),
        ],
        responses=ConversationPage,
    )
    def get(self, request: Request, account: str) -> Response:
        """As its own list shows them: pinned ones first, then by their newest message."""
        place, limit = paging.asked(request, places=2)
        rows = self.own(Conversation).filter(owner=self.account(account), listed=True)
        if place is not None:
            pinned, last = bool(place[0]), place[1]
            rows = rows.filter(Q(pinned=pinned, last_message_id__lt=last) | Q(pinned__lt=pinned))
        if given(Filters, request.query_params.dict())["unread"]:
            rows = rows.filter(unread__gt=0)
        found = list(rows.order_by("-pinned", "-last_message_id").values_list(*ROW)[: limit + 1])
        return Response(paging.page(found, limit, lambda row: [int(row[0]), row[1]], _conversation))


class Transcript(AppView):
    scopes: ClassVar = {"GET": Scope.MESSAGES_READ}

    @extend_schema(summary="Read a conversation", parameters=[*paging.PARAMETERS, *PERIOD], responses=MessagePage)
    def get(self, request: Request, account: str, peer: str) -> Response:
        """All that the two have said, the oldest first, also what either has deleted from the own list."""
        place, limit = paging.asked(request)
        one, other = self.account(account), self.anybody(peer)
        period = given(Period, request.query_params.dict())
        found = history.whole(one.pk, other.pk, after=place[0] if place else 0, limit=limit + 1, **period)
        names = {one.pk: one.name, other.pk: other.name}
        return Response(paging.page(found, limit, lambda line: [line.id], lambda line: message(line, names)))

    def anybody(self, name: str) -> Account:
        """The app's account of that name, the notifications' as well."""
        return named(self.own(Account), name)


class ShopMessages(AppView):
    scopes: ClassVar = {"POST": Scope.MESSAGES_WRITE}

    @extend_schema(summary="Send a message as a shop", request=ShopSays, responses={201: Receipt, 200: Receipt})
    def post(self, request: Request, number: int) -> Response:
        """Stored and delivered as one from the shop's own sockets, which hear of it as well."""
        asked = given(ShopSays, request.data)
        shop = self.own(Shop).select_related("account").filter(number=number).first()
        if shop is None:
            raise Problem(Code.UNKNOWN_SHOP)
        sender = AccountRef.of(shop.account)
        recipient = peers.reach(sender, self.account(asked["account"]).name)
        if recipient == sender:
            raise Problem(Code.INVALID_REQUEST, _("A shop does not write to itself."))
        body = checked(asked["message"])
        draft = Draft(sender, recipient, body.json, body.preview, asked.get("client_id"))
        (event,) = write_from_thread([draft])
        if isinstance(event, Refusal):
            raise event
        receipt = {"message_id": event.message_id, "created_at": event.created_at, "read": event.read}
        return Response(Receipt(receipt).data, 201 if isinstance(event, MessageSent) else 200)


def message(line: Line, names: dict[int, str]) -> dict[str, Any]:
    """A message as JSON."""
    return {
        "id": line.id,
        "sender": names[line.sender_id],
        "recipient": names[line.recipient_id],
        "message": msgspec.json.decode(line.body),
        "read": line.read,
        "robot": line.robot is not None,
        "created_at": _time(line.created_at),
        "recalled_at": _time(line.recalled_at) if line.recalled_at else None,
    }


def _time(moment: datetime) -> Any:
    return serializers.DateTimeField().to_representation(moment)


def _conversation(row: Any) -> dict[str, Any]:
    pinned, last_id, name, nickname, kind, unread, preview, at = row
    shown = {
        "peer": name,
        "nickname": nickname or name,
        "notifications": kind == Account.Kind.NOTIFICATION,
        "unread": unread,
        "pinned": pinned,
        "last_message_id": last_id,
        "last_message": preview,
        "last_message_at": at,
    }
    return dict(ConversationShown(shown).data)
