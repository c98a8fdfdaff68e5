"""Accounts: customers, shops, and each app's notification account."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from accounts import lifecycle
from accounts.admin import pages
from accounts.admin.batches import in_batches
from accounts.admin.deeds import note
from accounts.admin.forms import AccountForm, NewAccountForm
from accounts.admin.lists import FewChoices, NewestFirstAdmin
from accounts.models import Account


@admin.register(Account)
class AccountAdmin(NewestFirstAdmin):
    """Accounts are never deleted, only disabled: the other side keeps the conversation."""

    list_display = ("name", "nickname", "app", "kind", "enabled", "created_at")
    list_filter = ("enabled", ("app", FewChoices))
    list_select_related = ("app",)
    search_fields = ("name__begins", "nickname__begins")
    search_help_text = _("How an account's name or nickname begins, or part of its shop's name")
    found_by: ClassVar[list[Callable[[str, QuerySet[Account]], list[int]]]] = []
    """How packages above find some of the accounts by what they know of them."""
    autocomplete_fields = ("app",)
    actions = ("enable", "disable", "sign_out")

    def get_urls(self) -> list[URLPattern]:
        protected = self.admin_site.admin_view
        own = [
            path("test-accounts/", protected(self.test_accounts), name="accounts_account_test_accounts"),
            path("<int:account_id>/password/", protected(self.password), name="accounts_account_password"),
        ]
        return [*own, *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    def test_accounts(self, request: HttpRequest) -> HttpResponseBase:
        """The page on which staff add many accounts at once."""
        return pages.test_accounts(self, request)

    @method_decorator(sensitive_post_parameters())
    def password(self, request: HttpRequest, account_id: int) -> HttpResponseBase:
        """The page on which staff give an account a new password."""
        return pages.new_password(self, request, account_id)

    @method_decorator(sensitive_post_parameters())
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        accounts: QuerySet[Account] = super().get_queryset(request)
        if request.resolver_match is not None and request.resolver_match.url_name == "autocomplete":
            return accounts.select_related("app").filter(kind=Account.Kind.PERSON)
        return accounts

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Account], search_term: str
    ) -> tuple[QuerySet[Account], bool]:
        found, distinct = super().get_search_results(request, queryset, search_term)
        text = search_term.strip()
        others = [account_id for find in self.found_by for account_id in find(text, queryset)] if text else []
        return found | queryset.filter(pk__in=others) if others else found, distinct

    def suggestion(self, account: Account) -> str:
        """How an account is shown where one is picked: two apps may have accounts of one name."""
        return " · ".join(dict.fromkeys((account.name, account.shown_name, account.app.name)))

    def get_form(self, request: HttpRequest, obj: Account | None = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = AccountForm if obj else NewAccountForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Account | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("app", "name", "new_password", "nickname", "avatar")
        return ("app", "name", "kind", "nickname", "avatar", "enabled", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Account | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        never_changing = ("app", "name", "kind", "created_at")
        return never_changing if obj.kind == Account.Kind.PERSON else (*never_changing, "enabled")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Account, form: Any, change: bool) -> None:
        if not change:
            obj.password = make_password(form.cleaned_data["new_password"])
        super().save_model(request, obj, form, change)
        if change and "enabled" in form.changed_data:
            lifecycle.set_enabled(obj, obj.enabled)

    @admin.action(description=_("Enable the chosen accounts"), permissions=["change"])
    def enable(self, request: HttpRequest, chosen: QuerySet[Account]) -> None:
        count = self._set_enabled(request, chosen, True)
        done = ngettext("%(count)d account is enabled now.", "%(count)d accounts are enabled now.", count)
        messages.success(request, done % {"count": count})

    @admin.action(description=_("Disable the chosen accounts and close their sockets"), permissions=["change"])
    def disable(self, request: HttpRequest, chosen: QuerySet[Account]) -> None:
        count = self._set_enabled(request, chosen, False)
        done = ngettext("%(count)d account is disabled now.", "%(count)d accounts are disabled now.", count)
        messages.success(request, done % {"count": count})

    @admin.action(description=_("Sign the chosen accounts out everywhere"), permissions=["change"])
    def sign_out(self, request: HttpRequest, chosen: QuerySet[Account]) -> None:
        def sign_out(accounts: list[Account]) -> None:
            lifecycle.sign_out(*accounts)
            note(request, accounts, _("Signed out everywhere."))

        count = in_batches(request, chosen.filter(kind=Account.Kind.PERSON), sign_out)
        done = ngettext(
            "%(count)d account is signed out everywhere.", "%(count)d accounts are signed out everywhere.", count
        )
        messages.success(request, done % {"count": count})

    def _set_enabled(self, request: HttpRequest, chosen: QuerySet[Account], enabled: bool) -> int:
        """Change those that are not so already; an app's notification account is left alone."""

        def change(accounts: list[Account]) -> None:
            lifecycle.set_all_enabled(accounts, enabled)
            note(request, accounts, _("Enabled.") if enabled else _("Disabled."))

        return in_batches(request, chosen.exclude(enabled=enabled).filter(kind=Account.Kind.PERSON), change)
