"""Links between pages of the admin: only to what whoever looks may open."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.http import HttpRequest

from accounts.staff import limited, seen


def opens(request: HttpRequest, row: Model) -> bool:
    """Whether a row has a page that opens for whoever asks."""
    model: Any = type(row)
    if not _shown(request, model):
        return False
    return not limited(request.user) or seen(request.user, model._default_manager.filter(pk=row.pk)).exists()


def lead(request: HttpRequest, entries: Iterable[LogEntry]) -> None:
    """Let entries of the log know the `page` of what they are about; empty where whoever asks may open none.

    Rows of others are not looked for, since nobody sees entries about them who may not see these.
    """
    for entry in entries:
        model = entry.content_type and entry.content_type.model_class()
        may = model and not entry.is_deletion() and _shown(request, model)
        entry.page = entry.get_admin_url() if may else ""  # type: ignore[attr-defined]


def _shown(request: HttpRequest, model: type[Model]) -> bool:
    return admin.site.is_registered(model) and admin.site.get_model_admin(model).has_view_permission(request)
