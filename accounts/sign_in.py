"""Signing in: from what a client presents to the account that it may act for."""

import hashlib
import hmac
from collections.abc import Collection

from accounts.models import Account
from accounts.refusals import Reason, Refusal


def candidate(*, appid: str, name: str) -> Account | None:
    """The account that somebody claims to be, with its app. The notification account can never be claimed."""
    return Account.objects.select_related("app").filter(app__appid=appid, name=name, kind=Account.Kind.PERSON).first()


def admit(account: Account) -> None:
    """Raise `Refusal` with `account_disabled` unless the account and its app may be used."""
    if not (account.enabled and account.app.enabled):
        raise Refusal(Reason.ACCOUNT_DISABLED)


def api_token_digest(api_token: str) -> str:
    """How a customer's token at the shop's own API is kept: only good for comparing."""
    return hashlib.sha256(api_token.encode()).hexdigest()


def check_api_token(account_id: int, api_token: str) -> None:
    """Raise `Refusal` with `api_token_mismatch` if the account has another token on record."""
    recorded = Account.objects.values_list("api_token_digest", flat=True).get(pk=account_id)
    if recorded and not hmac.compare_digest(recorded, api_token_digest(api_token)):
        raise Refusal(Reason.API_TOKEN_MISMATCH)


def confirm(account: Account) -> None:
    """Raise `Refusal` if the account's rights were withdrawn since it was read."""
    now = Account.objects.select_related("app").filter(pk=account.pk).first()
    if now is None or now.token_epoch != account.token_epoch:
        raise Refusal(Reason.LOGIN_FAILED)
    admit(now)


def epochs(account_ids: Collection[int]) -> dict[int, int]:
    """The token epochs of those of the accounts that may be used now."""
    usable = Account.objects.filter(pk__in=account_ids, enabled=True, app__enabled=True)
    return dict(usable.values_list("pk", "token_epoch"))
