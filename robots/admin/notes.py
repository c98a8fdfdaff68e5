"""Notes about customers in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminForm

from accounts.admin.deeds import note as log
from accounts.admin.lists import NewestFirstAdmin
from accounts.models import Account
from accounts.staff import limited, seen
from robots import notes
from robots.models import Note

BEGINNING = 80
MOST_MOVED = 1000
"""Notes that are moved at a time."""


class AboutFilter(admin.SimpleListFilter):
    """The notes about one account. There is nothing to choose: the account's page links here."""

    title = _("account")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        account = seen(request.user, Account.objects.filter(pk=self._number())).first()
        return [(str(account.pk), account.name)] if account else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Note]) -> QuerySet[Note]:
        return queryset if self.value() is None else queryset.filter(account=self._number())

    def _number(self) -> int:
        value = self.value() or ""
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else 0


class NoteForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        account, shop = given.get("account"), given.get("shop")
        if account is not None and shop is not None and account.app_id != shop.app_id:
            self.add_error("shop", gettext("This shop belongs to another app than the account."))
        return given


class MoveForm(forms.Form):
    """About whom the chosen notes are."""

    account = forms.ModelChoiceField(
        Account.objects.filter(kind=Account.Kind.PERSON),
        label=capfirst(_("account")),
        widget=AutocompleteSelect(Note._meta.get_field("account"), admin.site),
    )

    def __init__(self, chosen: list[Note], *data: Any) -> None:
        super().__init__(*data)
        self._chosen = chosen

    def clean_account(self) -> Account:
        account: Account = self.cleaned_data["account"]
        if {note.account.app_id for note in self._chosen} != {account.app_id}:
            raise forms.ValidationError(gettext("Notes stay within their app."))
        return account


@admin.register(Note)
class NoteAdmin(NewestFirstAdmin):
    """About whom a note is, and whose it is, never changes but by moving it."""

    form = NoteForm
    list_display = ("beginning", "account", "shop", "author", "created_at", "moved_from")
    list_filter = (AboutFilter,)
    list_select_related = ("account", "shop", "author")
    search_fields = ("account__name__begins",)
    search_help_text = _("What the name of the account begins with that a note is about.")
    autocomplete_fields = ("account", "shop")
    actions = ("move",)
    how_rows_come = _("Notes are written beside a conversation.")

    def get_urls(self) -> list[URLPattern]:
        moving = self.admin_site.admin_view(self.move_notes)
        return [path("move/", moving, name="robots_note_move"), *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Note | None = None) -> tuple[str, ...]:
        return ("account", "shop", "text", "author", "created_at", "moved_from") if obj else ("account", "shop", "text")

    def get_readonly_fields(self, request: HttpRequest, obj: Note | None = None) -> tuple[str, ...]:
        return ("account", "shop", "author", "created_at", "moved_from") if obj else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A shop's people write theirs beside a conversation."""
        return super().has_add_permission(request) and not limited(request.user)

    def has_move_permission(self, request: HttpRequest) -> bool:
        """Only who sees every account knows which of them are one person's."""
        return self.has_change_permission(request) and not limited(request.user)

    def save_model(self, request: HttpRequest, obj: Note, form: Any, change: bool) -> None:
        if not change:
            assert request.user.is_authenticated
            obj.author = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description=_("note"))
    def beginning(self, note: Note) -> str:
        return note.text[:BEGINNING]

    @admin.action(description=_("Move the chosen notes to another account"), permissions=["move"])
    def move(self, request: HttpRequest, chosen: QuerySet[Note]) -> HttpResponse:
        ids = ",".join(str(pk) for pk in chosen.order_by("pk").values_list("pk", flat=True)[:MOST_MOVED])
        return redirect(f"{reverse('admin:robots_note_move')}?{urlencode({'ids': ids})}")

    def move_notes(self, request: HttpRequest) -> HttpResponseBase:
        """Choose the account, and have the notes moved there."""
        if not self.has_move_permission(request):
            raise PermissionDenied
        ids = [int(part) for part in request.GET.get("ids", "").split(",") if part.isdecimal() and len(part) < 19]
        rows = self.get_queryset(request).select_related("account").filter(pk__in=ids[:MOST_MOVED])
        chosen: list[Note] = list(rows)
        form = MoveForm(chosen, request.POST or None)
        if request.method == "POST" and chosen and form.is_valid():
            count = notes.move(chosen, form.cleaned_data["account"])
            log(request, chosen, _("Moved to account #%(number)d."), number=form.cleaned_data["account"].pk)
            done = ngettext("%(count)d note was moved.", "%(count)d notes were moved.", count)
            messages.success(request, done % {"count": count})
            return redirect(f"{reverse('admin:robots_note_changelist')}?about={form.cleaned_data['account'].pk}")
        lead = ngettext(
            "%(count)d note will be about the account that you choose, and says from which it was moved.",
            "%(count)d notes will be about the account that you choose, and say from which they were moved.",
            len(chosen),
        )
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Move notes to another account"),
            "lead": lead % {"count": len(chosen)},
            "opts": self.opts,
            "form": form,
            "adminform": AdminForm(form, [(None, {"fields": list(form.fields)})], {}, model_admin=self),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/accounts/account/form_page.html", context)
