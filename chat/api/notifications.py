"""Notifications over HTTP: accepted at once, and told to everybody while nobody waits."""

import hashlib
from typing import Any, ClassVar

import msgspec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import paging
from accounts.api.fields import Text, YesNo
from accounts.api.names import AccountName
from accounts.api.problems import Code, Problem
from accounts.api.views import AppView, given
from accounts.models import Account, Scope
from chat import telling
from chat.api.bodies import MessageBody, checked
from chat.models import Notification

MOST_NAMES = 1000


class NewNotification(serializers.Serializer[Any]):
    """Either `accounts`, or `everybody` true."""

    accounts = serializers.ListField(
        child=AccountName(),
        min_length=1,
        max_length=MOST_NAMES,
        required=False,
        help_text="Who is told, by name. Guests of the widget can't be.",
    )
    everybody = YesNo(default=False, help_text="Every account of the app that is enabled and exists now.")
    message = MessageBody()
    key = Text(
        max_length=64, required=False, help_text="Your own name for it: what is sent again with it is told once."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("accounts" in attrs) == attrs["everybody"]:
            raise serializers.ValidationError(_("Either accounts, or everybody true."), "invalid")
        return attrs


class NotificationShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    key = serializers.SerializerMethodField(help_text="As the app's own server gave it; null for those of staff.")
    preview = serializers.CharField(source="text")
    created_at = serializers.DateTimeField()
    told_at = serializers.DateTimeField(allow_null=True, help_text="When everybody was told; null until then.")
    reached = serializers.IntegerField(help_text="How many accounts have been told so far.")

    def get_key(self, notification: Notification) -> str | None:
        return notification.key if notification.author_id is None else None


class NotificationPage(serializers.Serializer[Any]):
    results = NotificationShown(many=True)
    next = serializers.CharField(allow_null=True)


class Notifications(AppView):
    scopes: ClassVar = {"GET": Scope.NOTIFICATIONS_READ, "POST": Scope.NOTIFICATIONS_WRITE}

    @extend_schema(summary="List notifications", parameters=paging.PARAMETERS, responses=NotificationPage)
    def get(self, request: Request) -> Response:
        """Those of staff as well, the newest first."""
        place, limit = paging.asked(request)
        rows = self.own(Notification).order_by("-pk")
        found = list((rows.filter(pk__lt=place[0]) if place else rows)[: limit + 1])
        return Response(paging.page(found, limit, lambda row: [row.pk], lambda row: NotificationShown(row).data))

    @extend_schema(
        summary="Send a notification",
        request=NewNotification,
        responses={200: NotificationShown, 202: NotificationShown},
    )
    def post(self, request: Request) -> Response:
        """To some accounts or to all, as a message of any type from the app's notification account.

        It is stored, and answered with 202 before anybody is told; telling a hundred thousand accounts takes about a
        minute. It goes on whatever becomes of the process. The same with a `key` that was sent before is not told
        again, and the answer is 200; something else with that key is refused.
        """
        asked = given(NewNotification, request.data)
        digest = _digest(asked)
        before = self._before(asked)
        if before is not None:
            return _repeated(before, digest)
        body = checked(asked["message"])
        wanted = Notification(app=self.app, key=asked.get("key"), text=body.preview, body=body.json, digest=digest)
        if not asked["everybody"]:
            wanted.recipient_ids = self._recipients(asked["accounts"])
        try:
            with transaction.atomic():
                wanted.save()
        except IntegrityError:
            # The same key came twice at once.
            before = self._before(asked)
            if before is None:
                raise
            return _repeated(before, digest)
        telling.start_from_thread(wanted)
        return Response(NotificationShown(wanted).data, 202)

    def _recipients(self, names: list[str]) -> list[int]:
        accounts = self.own(Account).filter(kind=Account.Kind.PERSON, name__in=names)
        known = {name: (number, shop) for name, number, shop in accounts.values_list("name", "pk", "guest__shop")}
        unknown = sorted(set(names) - known.keys())
        if unknown:
            raise Problem(Code.UNKNOWN_ACCOUNT, accounts=unknown)
        guests = sorted(name for name, (_, shop) in known.items() if shop is not None)
        if guests:
            raise Problem(Code.ACCOUNT_IS_GUEST, accounts=guests)
        return sorted(number for number, _ in known.values())

    def _before(self, asked: dict[str, Any]) -> Notification | None:
        """What was sent with the request's key, if it has one."""
        return self.own(Notification).filter(key=asked["key"]).first() if "key" in asked else None


def _digest(asked: dict[str, Any]) -> str:
    """What tells this request from any other.

    It is kept, since what is stored of the request changes: who is erased is named no longer.
    """
    names = None if asked["everybody"] else sorted(set(asked["accounts"]))
    return hashlib.sha256(msgspec.json.encode([names, asked["message"]], order="sorted")).hexdigest()


def _repeated(before: Notification, digest: str) -> Response:
    if before.digest != digest:
        raise Problem(Code.KEY_CONFLICT)
    return Response(NotificationShown(before).data)


class OneNotification(AppView):
    scopes: ClassVar = {"GET": Scope.NOTIFICATIONS_READ}

    @extend_schema(summary="Read a notification", responses=NotificationShown)
    def get(self, request: Request, notification_id: int) -> Response:
        """What has become of it."""
        notification = self.own(Notification).filter(pk=notification_id).first()
        if notification is None:
            raise Problem(Code.NOT_FOUND)
        return Response(NotificationShown(notification).data)
