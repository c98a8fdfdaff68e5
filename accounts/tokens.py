"""Chat tokens: short-lived, signed proofs of an account, for signing in without a password; and what renews them."""

import time
from datetime import timedelta
from typing import NamedTuple, Protocol

from django.core import signing

from accounts.models import Account, Source
from accounts.refusals import Reason, Refusal

SALT = "accounts.chat-token"
LIFETIME = timedelta(minutes=30)
KEPT_SALT = "accounts.kept-sign-in"
KEPT_LIFETIME = timedelta(days=14)
GUEST_SALT = "accounts.kept-guest"


class Proved(Protocol):
    """Who has proved to be an account, and the epoch of its tokens at that time."""

    @property
    def id(self) -> int: ...

    @property
    def token_epoch(self) -> int: ...


class Claim(NamedTuple):
    """What a token says: whose it is, of which epoch of the account's tokens, and for which source if for any."""

    account_id: int
    epoch: int
    source: Source | None


def issue(account: Proved, lifetime: timedelta = LIFETIME, source: Source | None = None) -> str:
    """A token that signs `account` in until `lifetime` has passed or its tokens are revoked, as if from `source`."""
    return _signed(account, lifetime, SALT, source)


def claim(token: str, salt: str = SALT) -> Claim:
    """What the token says. Raises `Refusal`: `token_invalid` or `token_expired`."""
    try:
        account_id, epoch, expires, *source = signing.loads(token, salt=salt)
    except (signing.BadSignature, ValueError, TypeError):
        raise Refusal(Reason.TOKEN_INVALID) from None
    if expires <= time.time():
        raise Refusal(Reason.TOKEN_EXPIRED)
    return Claim(account_id, epoch, Source(*source) if source else None)


def account_of(token: str) -> Account:
    """The account that the token proves, with its app.

    Raises `Refusal`: `token_invalid`, `token_expired`, or `account_disabled` where it or its app may not be used.
    """
    return _proved(token, SALT)


def keep(account: Proved, salt: str = KEPT_SALT) -> str:
    """What a browser keeps where no script reads it: good for new tokens of `account`, and for nothing else.

    With `GUEST_SALT` for guests, whose browsers keep it where the widget reads it.
    """
    return _signed(account, KEPT_LIFETIME, salt)


def kept(text: str, salt: str = KEPT_SALT) -> Account:
    """The account of which this is kept, with its app; `Refusal` as of `account_of`."""
    return _proved(text, salt)


def _signed(account: Proved, lifetime: timedelta, salt: str, source: Source | None = None) -> str:
    expires = int(time.time() + lifetime.total_seconds())
    said = [account.id, account.token_epoch, expires]
    return signing.dumps(said if source is None else [*said, source.value], salt=salt)


def _proved(text: str, salt: str) -> Account:
    said = claim(text, salt)
    account = Account.objects.select_related("app").filter(pk=said.account_id, kind=Account.Kind.PERSON).first()
    if account is None or account.token_epoch != said.epoch:
        raise Refusal(Reason.TOKEN_INVALID)
    if not (account.enabled and account.app.enabled):
        raise Refusal(Reason.ACCOUNT_DISABLED)
    return account
