"""Accounts as an app's own server wants them: by name, many at once, and the same again changes nothing."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from accounts import lifecycle
from accounts.models import Account, App
from accounts.sign_in import api_token_digest

UNUSABLE = "!"
"""The hash that no password has."""


_hashing = ThreadPoolExecutor(max(1, min(2, os.cpu_count() or 1)), thread_name_prefix="provisioning")
"""argon2id takes 26 ms of a core for each password. It runs outside of Python's lock, here on two cores at most."""


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
                return [
                    _change(before[one.name], one, encoded) if one.name in before else _make(app, one, encoded)
                    for one, encoded in zip(wanted, hashes, strict=True)
                ]
        except IntegrityError:
            # Somebody else made an account of one of these names in between.
            if attempt == "last":
                raise
    raise AssertionError("unreachable")


def _named(app: App, wanted: Sequence[Wanted]) -> list[Account]:
    return list(Account.objects.filter(app=app, name__in=[one.name for one in wanted]))


def _hash(wanted: Wanted, account: Account | None) -> str | None:
    """The hash of a password that is not the account's already."""
    if wanted.password is None or (account is not None and check_password(wanted.password, account.password)):
        return None
    return make_password(wanted.password)


def _make(app: App, wanted: Wanted, encoded: str | None) -> Outcome:
    Account.objects.create(
        app=app,
        name=wanted.name,
        password=encoded or UNUSABLE,
        nickname=wanted.nickname or "",
        avatar=wanted.avatar or "",
        api_token_digest=api_token_digest(wanted.api_token) if wanted.api_token else "",
        enabled=wanted.enabled is not False,
    )
    return Outcome.CREATED


def _change(account: Account, wanted: Wanted, encoded: str | None) -> Outcome:
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
    if not changed:
        return Outcome.UNCHANGED
    for field, value in changed.items():
        setattr(account, field, value)
    account.save(update_fields=list(changed))
    if "password" in changed or changed.get("enabled") is False:
        lifecycle.revoke(account)
    return Outcome.UPDATED
