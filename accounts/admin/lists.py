"""What the lists and pages of the admin are made from.

Nobody gets a row from them that is not theirs to see, and they hold with a million rows: newest first, a page at a
time, and nothing is ever counted.
"""

from typing import Any

from django.contrib import admin
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import PaginationInlineFormSet
from unfold.views import ChangeList

from accounts.admin.deeds import readable
from accounts.staff import has_rule, limited, seen

MOST_CHOICES = 30
"""Choices that a filter offers at most. Others are reached by the links from their own lists."""
LONGEST_NAME = 40
"""Letters of a row's name in the names of its inputs."""


class OlderPages(ChangeList):
    """A page is what comes below an id, so that the thousandth costs as much as the first."""

    uncounted = True
    newest = ""
    """The link to the first page; empty on that page itself."""
    older = ""
    """The link to the next page; empty on the last."""

    def get_results(self, request: HttpRequest) -> None:
        rows = list(self.queryset[: self.list_per_page + 1])
        self.result_list = rows[: self.list_per_page]
        if len(rows) > self.list_per_page:
            self.older = self.get_query_string({"id__lt": self.result_list[-1].pk})
        if "id__lt" in request.GET:
            self.newest = self.get_query_string(remove=["id__lt"])
        # What the templates ask for; nobody has counted the rest.
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = bool(self.result_list)
        self.paginator = self.model_admin.get_paginator(request, self.result_list, self.list_per_page)


class UncountedPaginator(Paginator):
    """Looks one row ahead instead of counting, for the suggestions under an input."""

    count = 0

    def page(self, number: int | str) -> Page:
        first = (int(number) - 1) * self.per_page
        rows = list(self.object_list[first : first + self.per_page + 1])
        self.count = first + len(rows)
        return Page(rows[: self.per_page], int(number), self)


class _Limited:
    """Gives the rows that whoever asks may see, and offers no others for a choice."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return seen(request.user, super().get_queryset(request))  # type: ignore[misc]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        rows = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        return seen(request.user, db_field.remote_field.model._default_manager.using(db) if rows is None else rows)


class NamedRows(PaginationInlineFormSet):
    """Rows whose inputs tell screen readers what they are, and of which row: headings of tables are no labels."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        row = Truncator(str(form.instance)).chars(LONGEST_NAME) if form.instance.pk else ""
        for field in form.fields.values():
            # What adds buttons to an input gives it none of its own attributes.
            widget = getattr(field.widget, "widget", field.widget)
            if widget.is_hidden:
                continue
            name = str(field.label).capitalize()
            widget.attrs["aria-label"] = _("%(column)s: %(said)s") % {"column": name, "said": row} if row else name
            if field.help_text:
                widget.attrs["title"] = field.help_text


class LimitedInline(_Limited, TabularInline):
    """Rows of a table on the page of what they belong to."""

    formset = NamedRows


class LimitedAdmin(_Limited, ModelAdmin):
    """What every page about a model begins with. Pages of our own get their row from `row`."""

    how_rows_come: Any = ""
    """What a list says that has no rows yet."""

    def row(self, request: HttpRequest, key: int, *related: str) -> Any:
        """The row with this key, if whoever asks may see it; nothing is said of others."""
        return get_object_or_404(self.get_queryset(request).select_related(*related), pk=key)

    def shown(self, row: Any) -> Any:
        """The row as headings name it: another one where the database keeps a name that is to be translated."""
        return row

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **more: Any
    ) -> HttpResponse:
        if obj is not None:
            context |= {"original": self.shown(obj), "subtitle": str(self.shown(obj))}
        page: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **more)
        return page

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What was done with a row, in the language of whoever reads it."""
        page: HttpResponse = super().history_view(request, object_id, extra_context)
        if isinstance(page, TemplateResponse) and page.context_data:
            shown = self.shown(page.context_data["object"])
            entries = page.context_data["action_list"]
            entries.object_list = list(entries.object_list)
            readable(entries.object_list)
            page.context_data |= {"object": shown, "title": _("Change history: %s") % shown}
        return page

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds what they could not see afterwards."""
        allowed: bool = super().has_add_permission(request)
        return allowed and (has_rule(self.model) or not limited(request.user))


class NewestFirstAdmin(LimitedAdmin):
    """For tables that grow without end. Subclasses search and filter only where an index answers."""

    ordering = ("-id",)
    sortable_by = ()
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = UncountedPaginator

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OlderPages


class ReadOnlyAdmin(NewestFirstAdmin):
    """Rows that people may look at, and only the server writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class FewChoices(admin.RelatedFieldListFilter):
    """Offers the newest rows and the chosen one, however many there are, of those that whoever asks may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        model: type[Model] = field.remote_field.model
        rows: QuerySet[Any] = seen(request.user, model._default_manager.order_by("-pk"))
        few = list(rows[:MOST_CHOICES])
        chosen = [int(value) for value in self.lookup_val or () if value.isdecimal()]
        known = {row.pk for row in few}
        if any(value not in known for value in chosen):
            few += rows.filter(pk__in=chosen).exclude(pk__in=known)
        return [(str(row.pk), str(row)) for row in few]

    def has_output(self) -> bool:
        return bool(self.lookup_choices)
