"""What every view of the HTTP interface is made from: whose it is, what its key may, and how often it is asked."""

from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from accounts.api.authentication import AppKeyAuthentication
from accounts.api.permissions import HasScope
from accounts.api.problems import Code, Problem
from accounts.models import Account, App, AppKey, Scope
from accounts.throttle import Throttle

M = TypeVar("M", bound=Model)

requests = Throttle("api", settings.API_REQUESTS_PER_MINUTE)
"""Requests of an app key."""


class AppView(APIView):
    """A view for app keys. It sees what belongs to the key's app, and nothing else."""

    authentication_classes = (AppKeyAuthentication,)
    permission_classes = (HasScope,)
    scopes: ClassVar[dict[str, Scope]] = {}
    """The scope that each method needs."""

    def perform_authentication(self, request: Request) -> None:
        """As soon as it is known whose request it is, count it."""
        super().perform_authentication(request)
        if isinstance(request.auth, AppKey):
            requests.take(request.auth.pk)

    @property
    def app(self) -> App:
        """The app whose key was shown."""
        key = self.request.auth
        assert isinstance(key, AppKey)
        return key.app

    def may(self, scope: Scope) -> bool:
        """Whether the key has this scope, too, where one thing that is asked needs more than the rest."""
        key = self.request.auth
        return isinstance(key, AppKey) and scope in key.scopes

    def own(self, model: type[M]) -> QuerySet[M]:
        """What the app has of a model: the only way in which this interface reads any."""
        return own(self.app, model)

    def account(self, name: str) -> Account:
        """The app's account of that name; `Problem` with `unknown_account`."""
        return named(self.own(Account).filter(kind=Account.Kind.PERSON), name)


def own(app: App, model: type[M]) -> QuerySet[M]:
    """What belongs to the app, by the fields that the model names in `APP`."""
    return model._default_manager.filter(**{model.APP: app})  # type: ignore[attr-defined]


def named(accounts: QuerySet[Account], name: str) -> Account:
    """The one of that name among them; `Problem` with `unknown_account`."""
    # PostgreSQL can't be asked for a text with NUL in it.
    account = None if "\0" in name else accounts.filter(name=name).first()
    if account is None:
        raise Problem(Code.UNKNOWN_ACCOUNT)
    return account


def given(serializer: type[BaseSerializer[Any]], data: Any, **options: Any) -> Any:
    """The data as the serializer takes it; raises REST framework's `ValidationError`."""
    checked = serializer(data=data, **options)
    checked.is_valid(raise_exception=True)
    return checked.validated_data
