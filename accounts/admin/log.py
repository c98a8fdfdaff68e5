"""The log of what staff did: written here wherever Django does not by itself, and read as a list."""

import re
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import FewChoices, OlderPages, ReadOnlyAdmin
from accounts.models import Account


def note(request: HttpRequest, rows: Sequence[Model], said: str) -> None:
    """Write down that somebody of the staff has done this with the rows. `said` has no words of customers."""
    assert request.user.pk is not None
    LogEntry.objects.log_actions(request.user.pk, rows, CHANGE, said)


def note_page(request: HttpRequest, model: type[Model], said: str) -> None:
    """Write down that somebody has done this with what there is of a kind, and not with single rows."""
    kind = ContentType.objects.get_for_model(model)
    assert request.user.pk is not None
    LogEntry.objects.create(user_id=request.user.pk, content_type=kind, action_flag=CHANGE, change_message=said)


_OF_TWO = re.compile(r"([0-9]+) (\S) ([0-9]+)")
"""How rows about two accounts call themselves: by ids, so that the log keeps no name of who is erased."""


def named(entries: Sequence[LogEntry]) -> dict[int, str]:
    """Those of the entries that are about two accounts, with what these are called now."""
    found = {entry.pk: match for entry in entries if (match := _OF_TWO.fullmatch(entry.object_repr))}
    accounts = Account.objects.in_bulk({int(number) for match in found.values() for number in match.group(1, 3)})
    names = {str(account.pk): account.name for account in accounts.values()}
    return {pk: " ".join(names.get(part, part) for part in match.groups()) for pk, match in found.items()}


class NamedEntries(OlderPages):
    """A page of the log on which accounts have their names."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        names = named(self.result_list)
        for entry in self.result_list:
            entry.object_repr = names.get(entry.pk, entry.object_repr)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ("action_time", "user", "content_type", "what", "said")
    list_filter = (
        ("action_time", admin.DateFieldListFilter),
        "action_flag",
        ("user", FewChoices),
        ("content_type", FewChoices),
    )
    list_select_related = ("user", "content_type")
    fields = list_display

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[OlderPages]:
        return NamedEntries

    @admin.display(description=_("object"))
    def what(self, entry: LogEntry) -> Any:
        page = entry.get_admin_url()
        return format_html('<a href="{}">{}</a>', page, entry.object_repr) if page else entry.object_repr

    @admin.display(description=_("what was done"))
    def said(self, entry: LogEntry) -> str:
        # Additions and deletions say nothing more than that.
        return entry.get_change_message() or entry.get_action_flag_display()
