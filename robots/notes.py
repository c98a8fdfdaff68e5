"""Notes about customers: moved where two accounts are of one person, and forgotten."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import Account
from robots.models import Note

SHOWN = 50
"""Notes beside a conversation, the newest."""


def move(notes: Iterable[Note], to: Account) -> int:
    """Let these notes be about that account from now on; each says about whom it was first. How many were moved."""
    moved = [note for note in notes if note.account_id != to.pk]
    for note in moved:
        note.moved_from = note.moved_from or note.account.name
        note.account = to
    with transaction.atomic():
        Note.objects.bulk_update(moved, ["account", "moved_from"])
    return len(moved)


def forget(account: Account) -> None:
    """Nothing is kept of what was noted about the account, nor that something was moved from it."""
    account.notes.all().delete()
    Note.objects.filter(account__app=account.app_id, moved_from=account.name).update(moved_from="")
