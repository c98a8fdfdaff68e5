"""Chat tokens: short-lived, signed proofs of an account, for signing in without a password."""

import time
from datetime import timedelta

from django.core import signing

from accounts.models import Account
from accounts.refusals import Reason, Refusal

SALT = "accounts.chat-token"
LIFETIME = timedelta(minutes=30)


def issue(account: Account, lifetime: timedelta = LIFETIME) -> str:
    """A token that signs `account` in until `lifetime` has passed or its tokens are revoked."""
    expires = int(time.time() + lifetime.total_seconds())
    return signing.dumps([account.pk, account.token_epoch, expires], salt=SALT)


def account_of(token: str) -> Account:
    """The account that the token proves, with its app.

    Raises `Refusal`: `token_invalid`, `token_expired`, or `account_disabled`.
    """
    try:
        account_id, epoch, expires = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise Refusal(Reason.TOKEN_INVALID) from None
    if expires <= time.time():
        raise Refusal(Reason.TOKEN_EXPIRED)
    account = Account.objects.select_related("app").filter(pk=account_id, kind=Account.Kind.PERSON).first()
    if account is None or account.token_epoch != epoch:
        raise Refusal(Reason.TOKEN_INVALID)
    return account
