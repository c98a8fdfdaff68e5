"""Who asks over HTTP: an app's own server with its key, or a person with a chat token."""

from typing import ClassVar

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import app_keys, tokens
from accounts.models import Account, App, AppKey

SCHEME = b"bearer"


def bearer(request: Request) -> str | None:
    """What stands behind `Authorization: Bearer`; None if there is nothing of the kind."""
    scheme, _, text = get_authorization_header(request).partition(b" ")
    return text.strip().decode("latin-1") if scheme.lower() == SCHEME else None


class AppKeyAuthentication(BaseAuthentication):
    """`request.user` is the app, `request.auth` its key."""

    def authenticate(self, request: Request) -> tuple[App, AppKey] | None:
        text = bearer(request)
        if text is None:
            return None
        key = app_keys.key_of(text)
        if key is None:
            raise AuthenticationFailed
        app_keys.note_use(key)
        return key.app, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ChatTokenAuthentication(BaseAuthentication):
    """`request.user` is the account that the token proves. Leaves app keys to others."""

    beginning: ClassVar[str] = app_keys.BEGINNING

    def authenticate(self, request: Request) -> tuple[Account, None] | None:
        text = bearer(request)
        if text is None or text.startswith(self.beginning):
            return None
        return tokens.account_of(text), None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def person(request: Request) -> Account | None:
    """The account whose chat token was shown."""
    user: object = request.user
    return user if isinstance(user, Account) else None
