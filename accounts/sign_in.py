"""Signing in: from what a client presents to the account that it may act for."""

import hashlib
import hmac
from collections.abc import Collection
from typing import NamedTuple

from django.db import connection

from accounts import tokens
from accounts.directory import AccountRef
from accounts.models import Account, Source
from accounts.refusals import Reason, Refusal


class Candidate(NamedTuple):
    """An account that somebody claims to be, as it stands now; `usable` if it and its app are enabled.

    `source` is what a token was made for, if it was made for one.
    """

    id: int
    app_id: int
    name: str
    password: str
    token_epoch: int
    usable: bool
    source: Source | None = None

    @property
    def account(self) -> AccountRef:
        return AccountRef(id=self.id, app_id=self.app_id, name=self.name, kind=Account.Kind.PERSON)


# Every login reads this twice. As a query of Django's it took 0.35 ms of the core, and like this a twentieth of that.
_CANDIDATE = """
SELECT account.id, account.app_id, account.name, account.password, account.token_epoch, account.enabled AND app.enabled
FROM accounts_account account JOIN accounts_app app ON app.id = account.app_id
WHERE account.kind = 1 AND """
_OF_NAME = _CANDIDATE + "app.appid = %s AND account.name = %s"
_OF_ID = _CANDIDATE + "account.id = %s"


def candidate(*, appid: str, name: str) -> Candidate | None:
    """The account of that name, if there is one. The notification account can never be claimed."""
    return _candidate(_OF_NAME, appid, name)


def of_token(token: str) -> Candidate:
    """The account that a chat token proves. `Refusal`: `token_invalid` or `token_expired`."""
    said = tokens.claim(token)
    found = _candidate(_OF_ID, said.account_id)
    if found is None or found.token_epoch != said.epoch:
        raise Refusal(Reason.TOKEN_INVALID)
    return found._replace(source=said.source)


def admit(account: Candidate) -> None:
    """Raise `Refusal` with `account_disabled` unless the account and its app may be used."""
    if not account.usable:
        raise Refusal(Reason.ACCOUNT_DISABLED)


def confirm(account: Candidate) -> None:
    """Raise `Refusal` if the account's rights were withdrawn since it was read."""
    now = _candidate(_OF_ID, account.id)
    if now is None or now.token_epoch != account.token_epoch:
        raise Refusal(Reason.LOGIN_FAILED)
    admit(now)


def _candidate(statement: str, *values: str | int) -> Candidate | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return None if row is None else Candidate(*row)


def api_token_digest(api_token: str) -> str:
    """How a customer's token at the shop's own API is kept: only good for comparing."""
    return hashlib.sha256(api_token.encode()).hexdigest()


def check_api_token(account_id: int, api_token: str) -> None:
    """Raise `Refusal` with `api_token_mismatch` if the account has another token on record."""
    recorded = Account.objects.values_list("api_token_digest", flat=True).get(pk=account_id)
    if recorded and not hmac.compare_digest(recorded, api_token_digest(api_token)):
        raise Refusal(Reason.API_TOKEN_MISMATCH)


def epochs(account_ids: Collection[int]) -> dict[int, int]:
    """The token epochs of those of the accounts that may be used now."""
    usable = Account.objects.filter(pk__in=account_ids, enabled=True, app__enabled=True)
    return dict(usable.values_list("pk", "token_epoch"))
