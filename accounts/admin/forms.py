"""The forms in which staff make accounts and set their passwords."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from accounts import lifecycle
from accounts.models import Account, App

SHORTEST_PASSWORD = 6
LONGEST_PASSWORD = 128
MOST_TEST_ACCOUNTS = 10_000


class PasswordField(forms.CharField):
    """A new password, taken to the letter."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Password"),
            min_length=SHORTEST_PASSWORD,
            max_length=LONGEST_PASSWORD,
            strip=False,
            widget=UnfoldAdminPasswordWidget({"autocomplete": "new-password"}),
            **options,
        )


def not_reserved(name: str) -> None:
    """Refuse what could be taken for the app's notifications."""
    if lifecycle.is_reserved(name):
        raise ValidationError(_("This name is reserved for the app's notifications."))


def not_of_erased(name: str) -> None:
    """Refuse what an account may be called that is erased."""
    if lifecycle.is_of_erased(name):
        raise ValidationError(_("Erased accounts are called so."))


class AccountForm(forms.ModelForm):
    """What may change about an account. Name and app never do: clients remember them."""

    class Meta:
        model = Account
        fields: ClassVar = ["nickname", "avatar", "enabled"]

    def clean_nickname(self) -> str:
        nickname: str = self.cleaned_data["nickname"].strip()
        if self.instance.kind == Account.Kind.PERSON:
            not_reserved(nickname)
        return nickname


class NewAccountForm(AccountForm):
    new_password = PasswordField(help_text=_("The person signs in with it. Nobody can look it up later."))

    class Meta:
        model = Account
        fields: ClassVar = ["app", "name", "nickname", "avatar"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        not_reserved(name)
        not_of_erased(name)
        return name


class NewPasswordForm(forms.Form):
    password = PasswordField()
    again = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=UnfoldAdminPasswordWidget({"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords are not the same."))
        return given


class TestAccountsForm(forms.Form):
    """Many accounts that share one password."""

    app = forms.ModelChoiceField(
        App.objects.all(),
        label=capfirst(_("app")),
        widget=AutocompleteSelect(Account._meta.get_field("app"), admin.site),
    )
    beginning = forms.CharField(
        label=_("Names begin with"),
        max_length=50,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Numbers from 0 on follow: u becomes u0, u1 and so on."),
    )
    count = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=MOST_TEST_ACCOUNTS, widget=UnfoldAdminIntegerFieldWidget
    )
    password = PasswordField(help_text=_("All of them share it: they are for trying things out, not for people."))

    def clean_beginning(self) -> str:
        beginning: str = self.cleaned_data["beginning"]
        not_of_erased(f"{beginning}0")
        return beginning

    def clean_app(self) -> App:
        app: App = self.cleaned_data["app"]
        if not app.enabled:
            raise ValidationError(_("This app is disabled."))
        return app
