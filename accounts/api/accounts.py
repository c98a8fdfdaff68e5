"""Accounts over HTTP: read, made or changed one by one or in bulk, and chat tokens for them."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import lifecycle, provisioning, tokens
from accounts.api import paging, problems
from accounts.api.fields import Flag, Text, Whole, YesNo
from accounts.api.names import LONGEST, NAME_SCHEMA, AccountName
from accounts.api.problems import Code, Problem
from accounts.api.views import AppView, given
from accounts.models import Account, Scope, Source
from accounts.provisioning import Outcome, Wanted

MOST_IN_BULK = 1000


class AccountFields(serializers.Serializer[Any]):
    """What is left out stays as it is, and is empty in a new account."""

    nickname = Text(max_length=64, allow_blank=True, required=False)
    avatar = Text(
        max_length=255, allow_blank=True, required=False, help_text="The address of a picture, best a relative one."
    )
    password = Text(
        min_length=6,
        max_length=128,
        required=False,
        trim_whitespace=False,
        write_only=True,
        help_text="Another password than before closes the account's sockets and makes its tokens void.",
    )
    api_token = Text(
        max_length=512,
        allow_blank=True,
        required=False,
        write_only=True,
        help_text="The account's token at the shop's own API, which `robot` must then bring along; empty for none.",
    )
    disabled = YesNo(required=False, help_text="Disabling closes the account's sockets and makes its tokens void.")

    def validate_nickname(self, nickname: str) -> str:
        if lifecycle.is_reserved(nickname):
            raise serializers.ValidationError(_("This name is reserved for the app's notifications."), "reserved")
        return nickname


class AccountRow(AccountFields):
    account = AccountName(new=True)


class AnyRow(AccountRow):
    """A row of many: the OpenAPI document says that any object may stand here, and is refused alone if it is wrong."""


ANY_ROWS = serializers.ListField(child=AnyRow(), min_length=1, max_length=MOST_IN_BULK)


class BulkAccounts(serializers.Serializer[Any]):
    accounts = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=MOST_IN_BULK)


class AccountShown(serializers.Serializer[Any]):
    account = serializers.CharField(source="name")
    nickname = serializers.CharField()
    avatar = serializers.CharField()
    disabled = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    def get_disabled(self, account: Account) -> bool:
        return not account.enabled


class AccountPage(serializers.Serializer[Any]):
    results = AccountShown(many=True)
    next = serializers.CharField(allow_null=True)


class BulkRow(serializers.Serializer[Any]):
    account = serializers.CharField(allow_null=True)
    result = serializers.ChoiceField(choices=[*Outcome, "refused"])
    problem = serializers.DictField(required=False, help_text="Why it was refused, as the answer to a single one.")


class BulkResults(serializers.Serializer[Any]):
    results = BulkRow(many=True)


class TokenWanted(serializers.Serializer[Any]):
    minutes = Whole(min_value=1, max_value=7 * 24 * 60, default=30)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # the stubs take it for the field's own
        choices=Source.choices,
        required=False,
        help_text="What it is for: sockets that sign in with it count as this, whatever they say of themselves.",
    )


class TokenMade(serializers.Serializer[Any]):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class Filters(serializers.Serializer[Any]):
    begins = serializers.CharField(required=False, max_length=LONGEST, trim_whitespace=False)
    disabled = Flag(default=None)


class Accounts(AppView):
    scopes: ClassVar = {"GET": Scope.ACCOUNTS_READ, "POST": Scope.ACCOUNTS_WRITE}

    @extend_schema(
        summary="List accounts",
        parameters=[
            *paging.PARAMETERS,
            OpenApiParameter("begins", NAME_SCHEMA, description="Only names that begin so; case matters."),
            OpenApiParameter("disabled", bool, description="Only those that are disabled, or only those that are not."),
        ],
        responses=AccountPage,
    )
    def get(self, request: Request) -> Response:
        """In the order in which they were made."""
        place, limit = paging.asked(request)
        filters = given(Filters, request.query_params.dict())
        rows = self.own(Account).filter(kind=Account.Kind.PERSON, pk__gt=place[0] if place else 0)
        if "begins" in filters:
            rows = rows.filter(name__begins=filters["begins"])
        if filters["disabled"] is not None:
            rows = rows.filter(enabled=not filters["disabled"])
        found = list(rows.order_by("pk")[: limit + 1])
        return Response(paging.page(found, limit, lambda row: [row.pk], lambda row: AccountShown(row).data))

    @extend_schema(
        summary="Make or change many accounts",
        request=inline_serializer("ManyAccounts", {"accounts": ANY_ROWS}),
        responses=BulkResults,
    )
    def post(self, request: Request) -> Response:
        """Up to 1,000 rows, with a result for each: one that is refused stops none of the others.

        Each new password takes 26 ms of a core: send a thousand of them in several requests, or leave passwords out
        and let people in with chat tokens.
        """
        rows = given(BulkAccounts, request.data)["accounts"]
        sound: dict[int, Wanted] = {}
        results: list[dict[str, Any]] = []
        names: set[str] = set()
        for index, row in enumerate(rows):
            name = row.get("account") if isinstance(row.get("account"), str) else None
            try:
                sound[index] = self._sound(row, names)
                results.append({"account": name})
            except Exception as error:
                problem = problems.of(error)
                if problem.status >= 500:
                    raise
                results.append({"account": name, "result": "refused", "problem": problem.members()})
        for index, outcome in zip(sound, provisioning.provision(self.app, list(sound.values())), strict=True):
            results[index]["result"] = outcome.value
        return Response({"results": results})

    def _sound(self, row: Any, names: set[str]) -> Wanted:
        checked = wanted(given(AccountRow, row))
        if checked.name in names:
            raise serializers.ValidationError(
                {"account": [ErrorDetail(_("This account stands here twice."), "repeated")]}
            )
        names.add(checked.name)
        return checked


class OneAccount(AppView):
    scopes: ClassVar = {"GET": Scope.ACCOUNTS_READ, "PUT": Scope.ACCOUNTS_WRITE}

    @extend_schema(summary="Read an account", responses=AccountShown)
    def get(self, request: Request, account: str) -> Response:
        return Response(AccountShown(self.account(account)).data)

    @extend_schema(
        summary="Make or change an account", request=AccountFields, responses={200: AccountShown, 201: AccountShown}
    )
    def put(self, request: Request, account: str) -> Response:
        """The same request again changes nothing. The account can sign in as soon as this is answered."""
        row = given(AccountRow, {**_object(request.data), "account": account})
        (outcome,) = provisioning.provision(self.app, [wanted(row)])
        status = 201 if outcome is Outcome.CREATED else 200
        return Response(AccountShown(self.account(account)).data, status)


class AccountTokens(AppView):
    scopes: ClassVar = {"POST": Scope.TOKENS_WRITE}

    @extend_schema(summary="Make a chat token", request=TokenWanted, responses={201: TokenMade})
    def post(self, request: Request, account: str) -> Response:
        """Signs sockets in as the account, and uploads, until it expires, the password changes or it is disabled."""
        asked = given(TokenWanted, _object(request.data))
        lifetime, source = timedelta(minutes=asked["minutes"]), asked.get("source")
        found = self.account(account)
        if not found.enabled:
            raise Problem(Code.ACCOUNT_DISABLED)
        expires_at = datetime.now(UTC).replace(microsecond=0) + lifetime
        token = tokens.issue(found, lifetime, Source(source) if source else None)
        return Response(TokenMade({"token": token, "expires_at": expires_at}).data, 201)


def wanted(row: dict[str, Any]) -> Wanted:
    """An account as a checked row wants it."""
    disabled = row.get("disabled")
    return Wanted(
        name=row["account"],
        nickname=row.get("nickname"),
        avatar=row.get("avatar"),
        password=row.get("password"),
        api_token=row.get("api_token"),
        enabled=None if disabled is None else not disabled,
    )


def _object(data: Any) -> dict[str, Any]:
    """The body where it is an object; others are refused by the serializer that gets them."""
    if not isinstance(data, dict):
        raise serializers.ValidationError(_("An object is expected."), "invalid")
    return data
