"""Accounts as an app's own server wants them: by name, many at once, and the same again changes nothing."""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import lifecycle
from accounts.models import Account, App
from accounts.sign_in import api_token_digest

UNUSABLE = "!"
"""The hash that no password has."""


_hashing = ThreadPoolExecutor(max(1, min(2, os.cpu_count() or 1)), thread_name_prefix="provisioning")
"""argon2id takes 26 ms of a core for each password. It runs outside of Python's lock, here on two cores at most."""


class _Changed(Exception):
    """One of the names is another account's, or nobody's, than when it was read."""


class Outcome(StrEnum):
    """What became of one wanted account."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An account as it should be. What is None stays as it is; in a new account it is empty."""

    name: str
    nickname: str | None = None
    avatar: str | None = None
    password: str | None = None
    api_token: str | None = None
    enabled: bool | None = None


def provision(app: App, wanted: Sequence[Wanted]) -> list[Outcome]:
    """Make or change these accounts, whose names differ, all or none; one outcome each, in order.

    Without a password a new account can only be signed in to with tokens. A password that is really another one, and
    disabling, close the account's sockets and make its tokens void once the transaction is committed.
    """
    for attempt in ("first", "last"):
        before = {account.name: account for account in _named(app, wanted)}
        hashes = list(_hashing.map(_hash, wanted, (before.get(one.name) for one in wanted)))
        try:
            with transaction.atomic():
                return _settle(app, list(zip(wanted, hashes, strict=True)), before)
        except (IntegrityError, _Changed):
            # Somebody else made an account of one of these names in between, or erased one.
            if attempt == "last":
                raise
    raise AssertionError("unreachable")


def _named(app: App, wanted: Iterable[Wanted]) -> QuerySet[Account]:
    return Account.objects.filter(app=app, name__in=[one.name for one in wanted]).order_by("pk")


def _hash(wanted: Wanted, account: Account | None) -> str | None:
    """The hash of a password that is not the account's already."""
    if wanted.password is None or (account is not None and check_password(wanted.password, account.password)):
        return None
    return make_password(wanted.password)


def _settle(app: App, wanted: Sequence[tuple[Wanted, str | None]], before: dict[str, Account]) -> list[Outcome]:
    """Write all of it; the new ones, and those that lose rights, together. `_Changed` if `before` is out of date."""
    # Hashing took a while: what is written now must not bring back what was taken from an account meanwhile.
    held = {account.name: account for account in _named(app, (one for one, _ in wanted)).select_for_update()}
    if held != before:
        raise _Changed
    Account.objects.bulk_create(_new(app, one, encoded) for one, encoded in wanted if one.name not in held)
    outcomes, revoked = [], []
    for one, encoded in wanted:
        account = held.get(one.name)
        fields = _change(account, one, encoded) if account else ()
        outcomes.append(Outcome.UPDATED if fields else Outcome.UNCHANGED if account else Outcome.CREATED)
        if account and fields:
            account.save(update_fields=fields)
            if "password" in fields or ("enabled" in fields and not account.enabled):
                revoked.append(account)
    lifecycle.revoke(*revoked)
    return outcomes


def _new(app: App, wanted: Wanted, encoded: str | None) -> Account:
    return Account(
        app=app,
        name=wanted.name,
        password=encoded or UNUSABLE,
        nickname=wanted.nickname or "",
        avatar=wanted.avatar or "",
        api_token_digest=api_token_digest(wanted.api_token) if wanted.api_token else "",
        enabled=wanted.enabled is not False,
    )


def _change(account: Account, wanted: Wanted, encoded: str | None) -> tuple[str, ...]:
    """Make the account what is wanted; the fields that are others now."""
    token = wanted.api_token
    values = {
        "nickname": wanted.nickname,
        "avatar": wanted.avatar,
        "password": encoded,
        "api_token_digest": api_token_digest(token) if token else token,
        "enabled": wanted.enabled,
    }
    changed = {
        field: value for field, value in values.items() if value is not None and getattr(account, field) != value
    }
    for field, value in changed.items():
        setattr(account, field, value)
    return tuple(changed)
