"""The pages on which a shop's questions go into a table and come back out of one."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.results import Result
from tablib import Dataset
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldBooleanSwitchWidget

from accounts.admin.deeds import note, note_look
from accounts.admin.lists import LimitedAdmin
from robots import tables
from robots.admin import learning
from robots.models import Shop
from robots.resources import Changed, FaqResource
from robots.rows import Unreadable

LOOKED_AT_FOR = 3600
"""Seconds for which what a table would change may be confirmed."""
MOST_SHOWN = 500
"""Rows that a page shows of what would change, and of what is wrong."""
CHANGES = gettext_lazy("%(new)d new, %(changed)d changed, %(same)d as they were, %(removed)d removed.")
"""How many questions a table changes."""


class AsWritten:
    """JSON whose letters stand as they are: where they are escaped, packing thousands of them takes seconds."""

    def dumps(self, obj: Any) -> bytes:
        return json.dumps(obj, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


class TableForm(forms.Form):
    """First a file; then, once people have seen what it would change, the same again as `seen`."""

    file = forms.FileField(
        label=capfirst(gettext_lazy("file")),
        required=False,
        widget=UnfoldAdminFileFieldWidget({"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("CSV or Excel (.xlsx), with the columns of an export."),
    )
    remove = forms.BooleanField(
        label=gettext_lazy("Remove questions that the file has not"), required=False, widget=UnfoldBooleanSwitchWidget
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, shop: Shop) -> None:
        posted = request.method == "POST"
        super().__init__(request.POST if posted else None, request.FILES if posted else None)
        self._signer = TimestampSigner(salt=f"questions-table:{request.user.pk}:{shop.pk}")
        if not _may(request, "delete"):
            del self.fields["remove"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("file"):
            given["table"], given["version"] = None, None
        elif given.get("seen"):
            given["table"], given["remove"], given["version"] = self._unpacked(given["seen"])
        else:
            self.add_error("file", _("Choose a file."))
        return given

    def table(self) -> Dataset:
        """The table that was looked at, or what the file says; raises `Unreadable`."""
        looked_at: Dataset | None = self.cleaned_data["table"]
        if looked_at is not None:
            return looked_at
        file = self.cleaned_data["file"]
        return tables.read(file.name, file.read(tables.LARGEST_FILE + 1))

    def packed(self, table: Dataset, *, version: int) -> str:
        """The table on its way through the page, so that what is done is what was looked at, by the same person."""
        remove = bool(self.cleaned_data.get("remove"))
        seen = [version, remove, table.headers, list(table)]
        return self._signer.sign_object(seen, serializer=AsWritten, compress=True)

    def _unpacked(self, packed: str) -> tuple[Dataset, bool, int]:
        try:
            seen = self._signer.unsign_object(packed, serializer=AsWritten, max_age=LOOKED_AT_FOR)
        except BadSignature as error:
            raise ValidationError(_("Choose the file again.")) from error
        version, remove, headers, rows = seen
        if remove and "remove" not in self.fields:
            raise ValidationError(_("Choose the file again."))
        return Dataset(*rows, headers=headers), remove, version


def may_import(request: HttpRequest) -> bool:
    """Whether somebody may change the questions of shops, besides the shops."""
    return _may(request, "add") and _may(request, "change")


def may_export(request: HttpRequest) -> bool:
    return _may(request, "view") or _may(request, "change")


def _may(request: HttpRequest, what: str) -> bool:
    return request.user.has_perm(f"robots.{what}_faq")


def exported(model_admin: LimitedAdmin, request: HttpRequest, shop_id: int, kind: str) -> HttpResponse:
    """The shop's questions as a file."""
    if kind not in tables.FORMATS:
        raise Http404
    shop: Shop = model_admin.row(request, shop_id)
    if not (model_admin.has_view_permission(request, shop) and may_export(request)):
        raise PermissionDenied
    name = f"questions-{shop.number}.{kind}"
    note_look(request, [shop], gettext_lazy("Exported its questions."))
    form = tables.FORMATS[kind]
    return HttpResponse(
        form.written(FaqResource(shop).export()),
        content_type=form.content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def imported(model_admin: LimitedAdmin, request: HttpRequest, shop_id: int) -> HttpResponse:
    """Choose a file, see what it would change, and have it changed."""
    shop: Shop = model_admin.row(request, shop_id)
    if not (model_admin.has_change_permission(request, shop) and may_import(request)):
        raise PermissionDenied
    form = TableForm(request, shop)
    result, seen = None, ""
    if form.is_valid():
        version, remove = form.cleaned_data["version"], bool(form.cleaned_data.get("remove"))
        try:
            table, resource = form.table(), FaqResource(shop, remove=remove)
            if version is None:
                result = resource.import_data(table, dry_run=True)
                seen = form.packed(table, version=shop.version)
            else:
                with transaction.atomic():
                    result = resource.import_data(table, seen=version)
                    if not result.has_validation_errors():
                        note(request, [shop], CHANGES, **_counts(result))
            if version is not None and not result.has_validation_errors():
                messages.success(request, _said(result))
                # The shop's own page takes its time where there are many questions.
                return redirect("admin:robots_shop_import", shop.pk)
        except Unreadable as error:
            form.add_error("file", str(error))
        except Changed:
            form.add_error(
                None,
                _(
                    "Somebody has changed the questions meanwhile, perhaps you with a second click: "
                    "choose the file and look again."
                ),
            )
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Questions from a table"),
        "opts": model_admin.opts,
        "original": shop,
        "form": form,
        "seen": seen,
        "learns": learning.shown(shop),
        **(_shown(result) if result else {}),
    }
    return TemplateResponse(request, "admin/robots/shop/import.html", context)


def _shown(result: Result) -> dict[str, Any]:
    """What the page shows of it: the beginning, if it is long."""
    errors = [row for row in result if row.is_invalid()]
    changes = [] if errors else [row for row in result if row.is_new() or row.is_update()]
    removed = [] if errors else [row for row in result if row.is_delete()]
    return {
        "said": _said(result),
        "errors": errors[:MOST_SHOWN],
        "wrong": len(errors),
        "changes": changes[:MOST_SHOWN],
        "removed": removed[: max(0, MOST_SHOWN - len(changes))],
        "more": max(0, len(errors) + len(changes) + len(removed) - MOST_SHOWN),
    }


def _said(result: Result) -> str:
    return str(CHANGES) % _counts(result)


def _counts(result: Result) -> dict[str, int]:
    return {
        "new": result.totals["new"],
        "changed": result.totals["update"],
        "same": result.totals["skip"],
        "removed": result.totals["delete"],
    }
