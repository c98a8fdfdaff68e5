"""App keys: made here, shown once, and revoked."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts import app_keys
from accounts.admin.batches import in_batches
from accounts.admin.deeds import note
from accounts.admin.lists import FewChoices, NewestFirstAdmin
from accounts.models import AppKey, Scope


class NewAppKeyForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=capfirst(_("scopes")),
        choices=Scope.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("What the key may be used for: no more than its user needs."),
    )

    class Meta:
        model = AppKey
        fields: ClassVar = ["app", "name", "scopes"]


@admin.register(AppKey)
class AppKeyAdmin(NewestFirstAdmin):
    """Keys are never changed or deleted, only revoked: it stays on record who had one."""

    list_display = ("name", "app", "prefix", "allowed", "created_at", "last_used_at", "revoked_at")
    list_filter = (("app", FewChoices),)
    list_select_related = ("app",)
    autocomplete_fields = ("app",)
    actions = ("revoke",)

    @admin.display(description=_("scopes"))
    def allowed(self, key: AppKey) -> str:
        return ", ".join(key.scopes)

    def get_form(self, request: HttpRequest, obj: AppKey | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewAppKeyForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: AppKey | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("app", "name", "scopes")
        return ("app", "name", "prefix", "allowed", "created_at", "last_used_at", "revoked_at")

    def get_readonly_fields(self, request: HttpRequest, obj: AppKey | None = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Revoking from the list is a change; the page of a key has nothing to change.
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: AppKey, form: Any, change: bool) -> None:
        given = form.cleaned_data
        key, text = app_keys.new(app=given["app"], name=given["name"], scopes=map(Scope, given["scopes"]))
        obj.prefix, obj.digest = key.prefix, key.digest
        super().save_model(request, obj, form, change)
        obj.shown_once = text  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: AppKey, post_url_continue: Any = None) -> HttpResponse:
        """Show the key in the answer itself, so that it is kept nowhere on its way to the page."""
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("The new app key"),
            "opts": self.opts,
            "key": obj,
            "text": obj.shown_once,  # type: ignore[attr-defined]
        }
        response = TemplateResponse(request, "admin/accounts/appkey/issued.html", context)
        add_never_cache_headers(response)
        return response

    @admin.action(description=_("Revoke the chosen keys"), permissions=["change"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[AppKey]) -> None:
        def revoke(keys: list[AppKey]) -> None:
            for key in keys:
                app_keys.revoke(key)
            note(request, keys, _("Revoked."))

        count = in_batches(request, chosen.filter(revoked_at=None), revoke)
        done = ngettext("%(count)d key is revoked.", "%(count)d keys are revoked.", count)
        messages.success(request, done % {"count": count})
