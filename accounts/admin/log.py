"""The log of what staff did, as a list."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.deeds import readable
from accounts.admin.links import lead
from accounts.admin.lists import FewChoices, OlderPages, ReadOnlyAdmin


class ReadableEntries(OlderPages):
    """A page of the log in the language of whoever reads it."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        readable(self.result_list)
        lead(request, self.result_list)


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
        return ReadableEntries

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> LogEntry | None:
        entry: LogEntry | None = super().get_object(request, object_id, from_field)
        if entry is not None:
            readable([entry])
            lead(request, [entry])
        return entry

    @admin.display(description=_("object"))
    def what(self, entry: LogEntry) -> Any:
        page = entry.page  # type: ignore[attr-defined]
        return format_html('<a href="{}">{}</a>', page, entry.object_repr) if page else entry.object_repr

    @admin.display(description=_("what was done"))
    def said(self, entry: LogEntry) -> str:
        return entry.change_message
