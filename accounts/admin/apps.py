"""Apps (tenants)."""

import secrets
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts import lifecycle
from accounts.admin.lists import LimitedAdmin
from accounts.models import App


def new_appid() -> str:
    """An appid that nobody guesses."""
    return secrets.token_hex(13)


class NewAppForm(forms.ModelForm):
    appid = forms.CharField(
        label=capfirst(_("appid")),
        max_length=64,
        initial=new_appid,
        validators=[RegexValidator(r"^[A-Za-z0-9._-]+$", _("Only letters, digits, dots, hyphens and underscores."))],
        help_text=_("Clients name their app by it when they sign in. It can't be changed later."),
    )

    class Meta:
        model = App
        fields: ClassVar = ["name", "appid"]


@admin.register(App)
class AppAdmin(LimitedAdmin):
    """Apps are never deleted, only disabled: their accounts and messages stay."""

    list_display = ("name", "appid", "enabled", "created_at", "accounts")
    list_filter = ("enabled",)
    ordering = ("-id",)
    search_fields = ("name__begins", "appid__begins")
    search_help_text = _("What a name or an appid begins with.")

    @admin.display(description=_("accounts"))
    def accounts(self, app: App) -> str:
        page = f"{reverse('admin:accounts_account_changelist')}?app__id__exact={app.pk}"
        return format_html('<a href="{}">{}</a>', page, _("accounts"))

    def get_form(self, request: HttpRequest, obj: App | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewAppForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: App | None = None) -> tuple[str, ...]:
        return ("name", "appid", "enabled", "sites", "created_at") if obj else ("name", "appid")

    def get_readonly_fields(self, request: HttpRequest, obj: App | None = None) -> tuple[str, ...]:
        return ("appid", "created_at") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: App | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: App, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        lifecycle.add_notification_account(obj)
        if change and "enabled" in form.changed_data:
            lifecycle.set_app_enabled(obj, obj.enabled)
