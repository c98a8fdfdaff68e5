"""The admin's own pages about accounts, beside those that Django makes of the models."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.forms import AdminForm

from accounts import lifecycle
from accounts.admin.deeds import note
from accounts.admin.forms import NewPasswordForm, TestAccountsForm
from accounts.admin.lists import LimitedAdmin
from accounts.models import Account


def new_password(model_admin: LimitedAdmin, request: HttpRequest, account_id: int) -> HttpResponseBase:
    """Give an account a new password; nobody signs in as a notification account, so it has none."""
    account: Account = model_admin.row(request, account_id)
    if account.kind != Account.Kind.PERSON:
        raise Http404
    if not model_admin.has_change_permission(request, account):
        raise PermissionDenied
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        lifecycle.set_password(account, form.cleaned_data["password"])
        note(request, [account], gettext_lazy("New password."))
        messages.success(request, _("The password is changed. The account's sockets are closed."))
        return redirect("admin:accounts_account_change", account.pk)
    lead = _("Whoever is signed in as this account must sign in again with the new password.")
    return _page(model_admin, request, form, _("New password for %(account)s") % {"account": account}, lead)


def test_accounts(model_admin: LimitedAdmin, request: HttpRequest) -> HttpResponseBase:
    """Add many accounts at once."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    form = TestAccountsForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        made = lifecycle.create_test_accounts(
            app=given["app"], prefix=given["beginning"], count=given["count"], password=given["password"]
        )
        done = ngettext("%(count)d account was added.", "%(count)d accounts were added.", made)
        there = given["count"] - made
        if there:
            done += " " + ngettext("%(there)d existed already.", "%(there)d existed already.", there)
        said = gettext_lazy("Test accounts: %(made)d added, %(there)d existed already.")
        note(request, [given["app"]], said, made=made, there=there)
        messages.success(request, done % {"count": made, "there": there})
        return redirect("admin:accounts_account_changelist")
    lead = _("Accounts of a name that exists already are left as they are.")
    return _page(model_admin, request, form, _("Add test accounts"), lead)


def _page(model_admin: LimitedAdmin, request: HttpRequest, form: forms.Form, title: str, lead: str) -> TemplateResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "lead": lead,
        "opts": model_admin.opts,
        "form": form,
        "adminform": AdminForm(form, [(None, {"fields": list(form.fields)})], {}, model_admin=model_admin),
        "media": model_admin.media + form.media,
    }
    return TemplateResponse(request, "admin/accounts/account/form_page.html", context)
