"""Shops over HTTP."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import lifecycle
from accounts.api import paging
from accounts.api.fields import Text, Whole, YesNo
from accounts.api.names import AccountName
from accounts.api.problems import Code, Problem
from accounts.api.views import AppView, given
from accounts.models import Scope
from robots import opening, speaking
from robots.models import Shop, Speaks
from robots.models.shops import LONGEST_QUIET, check_hours, check_zone

REQUIRED = serializers.Field.default_error_messages["required"]


class ShopFields(serializers.Serializer[Any]):
    """What is left out stays as it is. A new shop needs `account` and `name`."""

    account = AccountName(required=False, help_text="The account that speaks for the shop; it must exist.")
    name = Text(max_length=100, required=False)
    greeting = Text(max_length=500, required=False, help_text="What stands above the robot's menu.")
    fallback = Text(max_length=500, required=False, help_text="What the robot says when it finds no answer.")
    suggestion = Text(
        max_length=500, required=False, help_text="What it says above questions of which one may be meant."
    )
    synonyms = Text(
        max_length=20000,
        allow_blank=True,
        required=False,
        help_text="Words that mean the same in this shop: one group a line, with blanks.",
    )
    speaks = serializers.ChoiceField(
        choices=[choice.value for choice in Speaks],
        required=False,
        help_text="When the robot answers what customers write to the shop, and not only what they ask it: "
        "while nobody of the shop is online, and besides always within its hours, or always outside of them.",
    )
    hours = Text(
        max_length=1000,
        allow_blank=True,
        required=False,
        validators=[check_hours],
        help_text="When people are there, one line for some days of the week, such as "
        "`Mon-Fri 9:00-12:00 13:30-18:00`; empty for always.",
    )
    time_zone = Text(
        max_length=64,
        allow_blank=True,
        required=False,
        validators=[check_zone],
        help_text="Of the hours, such as `Asia/Shanghai`; empty for the server's.",
    )
    quiet_minutes = Whole(
        min_value=1,
        max_value=LONGEST_QUIET,
        required=False,
        help_text="How long nobody must have written before the robot speaks again after a person.",
    )
    handover = Text(max_length=500, required=False, help_text="What the robot says when it hands over to people.")
    away = Text(
        max_length=500,
        allow_blank=True,
        required=False,
        help_text="What it adds outside of the hours; `{time}` is when people are back. Empty for nothing.",
    )
    disabled = YesNo(
        required=False,
        help_text="Disabling disables the shop's account, too, and closes its sockets; enabling enables it. "
        "Where the account is not so already, the key needs `accounts:write` besides.",
    )


AS_THEY_ARE = [name for name in ShopFields().get_fields() if name not in ("account", "disabled")]
"""Fields that the model has under the same names."""


class ShopShown(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    account = serializers.CharField(source="account.name")
    name = serializers.CharField()
    greeting = serializers.CharField()
    fallback = serializers.CharField()
    suggestion = serializers.CharField()
    synonyms = serializers.CharField()
    speaks = serializers.CharField()
    hours = serializers.CharField()
    time_zone = serializers.CharField()
    quiet_minutes = serializers.IntegerField()
    handover = serializers.CharField()
    away = serializers.CharField()
    disabled = serializers.SerializerMethodField()

    def get_disabled(self, shop: Shop) -> bool:
        return not shop.enabled


class ShopPage(serializers.Serializer[Any]):
    results = ShopShown(many=True)
    next = serializers.CharField(allow_null=True)


class ShopView(AppView):
    def shop(self, number: int) -> Shop:
        """The app's shop of that number; `Problem` with `unknown_shop`."""
        shop = self.own(Shop).select_related("account").filter(number=number).first()
        if shop is None:
            raise Problem(Code.UNKNOWN_SHOP)
        return shop


class Shops(AppView):
    scopes: ClassVar = {"GET": Scope.SHOPS_READ}

    @extend_schema(summary="List shops", parameters=paging.PARAMETERS, responses=ShopPage)
    def get(self, request: Request) -> Response:
        """By their numbers."""
        place, limit = paging.asked(request)
        rows = self.own(Shop).select_related("account").filter(number__gt=place[0] if place else -1)
        found = list(rows.order_by("number")[: limit + 1])
        return Response(paging.page(found, limit, lambda shop: [shop.number], lambda shop: ShopShown(shop).data))


class OneShop(ShopView):
    scopes: ClassVar = {"GET": Scope.SHOPS_READ, "PUT": Scope.SHOPS_WRITE}

    @extend_schema(summary="Read a shop", responses=ShopShown)
    def get(self, request: Request, number: int) -> Response:
        return Response(ShopShown(self.shop(number)).data)

    @extend_schema(summary="Make or change a shop", request=ShopFields, responses={200: ShopShown, 201: ShopShown})
    def put(self, request: Request, number: int) -> Response:
        """The same request again changes nothing."""
        wanted = given(ShopFields, request.data)
        try:
            try:
                made, fresh = self._put(number, wanted)
            except IntegrityError:
                # Somebody else made the shop in between, and it is changed now; or its account is another shop's.
                made, fresh = self._put(number, wanted)
        except IntegrityError:
            raise Problem(Code.ACCOUNT_TAKEN) from None
        return Response(ShopShown(made).data, 201 if fresh else 200)

    def _put(self, number: int, wanted: dict[str, Any]) -> tuple[Shop, bool]:
        """The shop as it is wanted, and whether it is new. Two who change it at once do so one after the other."""
        values = {field: wanted[field] for field in AS_THEY_ARE if field in wanted}
        if "disabled" in wanted:
            values["enabled"] = not wanted["disabled"]
        if "account" in wanted:
            values["account"] = self.account(wanted["account"])
            if lifecycle.is_erased(values["account"]):
                raise Problem(Code.UNKNOWN_ACCOUNT)
        with transaction.atomic():
            shop = self.own(Shop).select_for_update().filter(number=number).first()
            if shop is None:
                missing = {name: [REQUIRED] for name in ("account", "name") if name not in values}
                if missing:
                    raise serializers.ValidationError(missing, "required")
                made = Shop(app=self.app, number=number, **values)
                _check_hours(made, values)
                made.save()
                self._settle(made)
                return made, True
            changed = {field: value for field, value in values.items() if getattr(shop, field) != value}
            if changed:
                for field, value in changed.items():
                    setattr(shop, field, value)
                _check_hours(shop, changed)
                shop.save()
            if {"enabled", "account"} & changed.keys():
                self._settle(shop)
            return shop, False

    def _settle(self, shop: Shop) -> None:
        """Let the account be as the shop is, if the key may do that to accounts."""
        if not opening.is_settled(shop) and not self.may(Scope.ACCOUNTS_WRITE):
            raise Problem(Code.SCOPE_MISSING, _("Enabling or disabling the shop's account needs accounts:write, too."))
        opening.settle(shop)


def _check_hours(shop: Shop, changed: Collection[str]) -> None:
    """Raise `ValidationError` if these changes would let the robot speak at all times."""
    if not {"speaks", "hours"}.isdisjoint(changed) and speaking.is_always(shop.speaks, shop.hours):
        raise serializers.ValidationError({"hours": [speaking.ALWAYS]}, "required")
