"""The admin as a whole: its name, and the suggestions under its inputs."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class Suggestions(AutocompleteJsonView):
    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        """Let a model's admin say more than its name, where names repeat."""
        shown = getattr(self.model_admin, "suggestion", str)
        return {**super().serialize_result(obj, to_field_name), "text": shown(obj)}


class ChatAdminSite(AdminSite):
    site_header = _("Shop chat")
    site_title = _("Shop chat")
    index_title = _("Administration")

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return Suggestions.as_view(admin_site=self)(request)


class AdminConfig(DjangoAdminConfig):
    default_site = "chatproject.admin_site.ChatAdminSite"
