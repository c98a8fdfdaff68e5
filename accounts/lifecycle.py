"""Making accounts and taking rights away from them."""

import re
import unicodedata
from collections.abc import Sequence

from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.dispatch import Signal

from accounts.models import Account, App

NOTIFICATION_NAME = "notification"
NOTIFICATION_NICKNAME = "通知"

_OF_ERASED = re.compile(r"erased-[0-9]+")

rights_withdrawn = Signal()
"""Sent after the commit, with `account_ids` (or `app_id` for a whole app): their sockets must be closed."""


def is_reserved(name: str) -> bool:
    """Whether people could take an account or nickname of that name for the one that notifications come from."""
    return unicodedata.normalize("NFKC", name).strip().casefold() in (NOTIFICATION_NAME, NOTIFICATION_NICKNAME)


def erased_name(account_id: int) -> str:
    """What an account is called once all that was kept of it is erased."""
    return f"erased-{account_id}"


def is_of_erased(name: str) -> bool:
    """Whether an account is called so once it is erased: no other may have taken the name by then."""
    return _OF_ERASED.fullmatch(name) is not None


def is_erased(account: Account) -> bool:
    """Whether all that was kept of it is erased."""
    return account.name == erased_name(account.pk)


def create_app(*, appid: str, name: str) -> App:
    """A new tenant with its notification account."""
    with transaction.atomic():
        app = App.objects.create(appid=appid, name=name)
        add_notification_account(app)
    return app


def add_notification_account(app: App) -> Account:
    """The account from which the app's notifications come; made if the app has none yet."""
    account, _ = Account.objects.get_or_create(
        app=app,
        kind=Account.Kind.NOTIFICATION,
        defaults={"name": NOTIFICATION_NAME, "nickname": NOTIFICATION_NICKNAME, "password": make_password(None)},
    )
    return account


def create_account(*, app: App, name: str, password: str, nickname: str = "", avatar: str = "") -> Account:
    """A new account that can sign in with `password`."""
    return Account.objects.create(
        app=app, name=name, password=make_password(password), nickname=nickname, avatar=avatar
    )


def create_test_accounts(*, app: App, prefix: str, count: int, password: str) -> int:
    """`count` accounts called prefix0, prefix1 … that share one password; returns how many were new.

    They share one hash too, since hashing each would take minutes: they are for tests, not for people.
    """
    encoded = make_password(password)
    before = Account.objects.filter(app=app).count()
    Account.objects.bulk_create(
        (Account(app=app, name=f"{prefix}{n}", nickname=f"{prefix}{n}", password=encoded) for n in range(count)),
        batch_size=500,
        ignore_conflicts=True,
    )
    return Account.objects.filter(app=app).count() - before


def set_password(account: Account, password: str) -> None:
    """Give the account a new password: its tokens become void and its sockets close."""
    account.password = make_password(password)
    with transaction.atomic():
        account.save(update_fields=["password"])
        revoke(account)


def set_enabled(account: Account, enabled: bool) -> None:
    """Let the account be used, or stop it at once: its tokens become void and its sockets close."""
    account.enabled = enabled
    set_all_enabled([account], enabled)


def set_all_enabled(accounts: Sequence[Account], enabled: bool) -> None:
    """As `set_enabled`, for all of these or none."""
    with transaction.atomic():
        Account.objects.filter(pk__in=[account.pk for account in accounts]).update(enabled=enabled)
        if not enabled:
            revoke(*accounts)


def sign_out(*accounts: Account) -> None:
    """Sign accounts out everywhere: their tokens become void and their sockets close. They may sign in again."""
    with transaction.atomic():
        revoke(*accounts)


def revoke(*accounts: Account) -> None:
    """Make the accounts' tokens void and close their sockets once the transaction is committed."""
    ids = [account.pk for account in accounts]
    if ids:
        Account.objects.filter(pk__in=ids).update(token_epoch=models.F("token_epoch") + 1)
        transaction.on_commit(lambda: rights_withdrawn.send(Account, account_ids=ids))


def set_app_enabled(app: App, enabled: bool) -> None:
    """Let the app's accounts be used, or close all their sockets at once."""
    app.enabled = enabled
    app.save(update_fields=["enabled"])
    if not enabled:
        app_id = app.pk
        transaction.on_commit(lambda: rights_withdrawn.send(App, app_id=app_id))
