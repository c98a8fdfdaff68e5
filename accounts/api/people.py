"""What every view for people is made from: they show a chat token, and act for the account that it proves."""

from django.conf import settings
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.authentication import ChatTokenAuthentication, person
from accounts.models import Account
from accounts.throttle import Throttle

requests = Throttle("people", settings.API_REQUESTS_PER_MINUTE)
"""Requests of a person."""


class IsPerson(BasePermission):
    """A chat token was shown."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return person(request) is not None


class PersonView(APIView):
    """A view for whoever a chat token proves."""

    authentication_classes = (ChatTokenAuthentication,)
    permission_classes = (IsPerson,)

    def perform_authentication(self, request: Request) -> None:
        """As soon as it is known whose request it is, count it."""
        super().perform_authentication(request)
        if (account := person(request)) is not None:
            requests.take(account.pk)

    @property
    def account(self) -> Account:
        """Whose token was shown."""
        account = person(self.request)
        assert account is not None
        return account
