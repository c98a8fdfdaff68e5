"""The pages on which a shop's questions go into a table and come back out of one."""

import base64
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldBooleanSwitchWidget

from accounts.admin.lists import LimitedAdmin
from accounts.admin.log import note
from robots import importing, tables
from robots.models import Shop


class TableForm(forms.Form):
    """First a file; then, once people have seen what it would change, the same again as `seen`."""

    file = forms.FileField(
        label=gettext_lazy("file"),
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=gettext_lazy("CSV or Excel (.xlsx), with the columns of an export."),
    )
    remove = forms.BooleanField(
        label=gettext_lazy("Remove questions that the file has not"), required=False, widget=UnfoldBooleanSwitchWidget
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("file"):
            given["content"] = given["file"].name, given["file"].read(tables.LARGEST_FILE + 1)
        elif given.get("seen"):
            given["content"] = _unpacked(given["seen"])
        else:
            self.add_error("file", _("Choose a file."))
        return given


def exported(model_admin: LimitedAdmin, request: HttpRequest, shop_id: int, kind: str) -> HttpResponse:
    """The shop's questions as a file."""
    if kind not in tables.FORMATS:
        raise Http404
    shop = _shop(model_admin, request, shop_id, change=False)
    content_type = tables.FORMATS[kind].CONTENT_TYPE
    name = f"questions-{shop.number}.{kind}"
    note(request, [shop], _("Exported its questions."))
    return HttpResponse(
        tables.written(shop, kind),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def imported(model_admin: LimitedAdmin, request: HttpRequest, shop_id: int) -> HttpResponse:
    """Choose a file, see what it would change, and have it changed."""
    shop = _shop(model_admin, request, shop_id, change=True)
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    outcome, seen = None, ""
    if form.is_valid():
        name, content = form.cleaned_data["content"]
        remove, confirmed = form.cleaned_data["remove"], not form.cleaned_data["file"]
        try:
            outcome = importing.imported(shop, tables.read(name, content), remove=remove, only_look=not confirmed)
        except tables.Unreadable as error:
            form.add_error("file", str(error))
        else:
            if confirmed and not outcome.errors:
                said = _said(outcome)
                model_admin.log_change(request, shop, said)
                messages.success(request, said)
                return redirect("admin:robots_shop_change", shop.pk)
            seen = _packed(name, content)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Questions from a table"),
        "opts": model_admin.opts,
        "original": shop,
        "form": form,
        "outcome": outcome,
        "said": _said(outcome) if outcome else "",
        "seen": seen,
        "headings": tables.headings(),
    }
    return TemplateResponse(request, "admin/robots/shop/import.html", context)


def _shop(model_admin: LimitedAdmin, request: HttpRequest, shop_id: int, *, change: bool) -> Shop:
    shop: Shop = model_admin.row(request, shop_id)
    allowed = model_admin.has_change_permission if change else model_admin.has_view_permission
    if not allowed(request, shop):
        raise PermissionDenied
    return shop


def _said(outcome: importing.Outcome) -> str:
    counts = {
        "new": outcome.count("new"),
        "changed": outcome.count("update"),
        "same": outcome.count("skip"),
        "removed": len(outcome.removed),
    }
    return _("%(new)d new, %(changed)d changed, %(same)d as they were, %(removed)d removed.") % counts


def _packed(name: str, content: bytes) -> str:
    """The file on its way through the page, so that what is done is what was looked at."""
    return Signer(salt="questions-table").sign_object([name, base64.b64encode(content).decode()], compress=True)


def _unpacked(packed: str) -> tuple[str, bytes]:
    try:
        name, content = Signer(salt="questions-table").unsign_object(packed)
    except BadSignature as error:
        raise ValidationError(_("Choose the file again.")) from error
    return name, base64.b64decode(content)
