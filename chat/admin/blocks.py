"""Who has blocked whom. Staff may block and unblock in an account's place."""

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import NewestFirstAdmin
from accounts.directory import AccountRef
from accounts.models import Account
from chat import blocks
from chat.database.pairs import exclusive, pair
from chat.drafts import Change
from chat.models import Block
from chat.telling import write_from_thread


class BlockForm(forms.ModelForm):
    class Meta:
        model = Block
        fields: ClassVar = ["owner", "blocked"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        owner, blocked = given.get("owner"), given.get("blocked")
        if owner is not None and blocked is not None:
            if owner == blocked:
                self.add_error("blocked", _("An account can't block itself."))
            elif owner.app_id != blocked.app_id:
                self.add_error("blocked", _("This account belongs to another app."))
            elif blocked.kind != Account.Kind.PERSON or owner.kind != Account.Kind.PERSON:
                self.add_error("blocked", _("Notifications can't be blocked."))
        return given


@admin.register(Block)
class BlockAdmin(NewestFirstAdmin):
    form = BlockForm
    list_display = ("owner", "blocked", "app", "created_at")
    list_select_related = ("owner__app", "blocked")
    search_fields = ("owner__name__begins",)
    search_help_text = _("What the name of the account that blocks begins with.")
    autocomplete_fields = ("owner", "blocked")

    @admin.display(description=_("app"))
    def app(self, block: Block) -> str:
        return block.owner.app.name

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Block, form: Any, change: bool) -> None:
        with exclusive([pair(obj.owner_id, obj.blocked_id)]):
            super().save_model(request, obj, form, change)
        _tell([obj])

    def response_add(self, request: HttpRequest, obj: Block, post_url_continue: Any = None) -> HttpResponse:
        """Say it by names, which the log does not keep, and go back to the list."""
        said = gettext("%(owner)s hears nothing from %(blocked)s from now on.")
        messages.success(request, said % {"owner": obj.owner, "blocked": obj.blocked})
        return redirect("admin:chat_block_add" if "_addanother" in request.POST else "admin:chat_block_changelist")

    def delete_model(self, request: HttpRequest, obj: Block) -> None:
        gone = [obj]
        super().delete_model(request, obj)
        _tell(gone)
        said = gettext("%(blocked)s may write to %(owner)s again.")
        messages.success(request, said % {"owner": obj.owner, "blocked": obj.blocked})

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        """Back to the list, which Django leaves to those who change rows."""
        return redirect("admin:chat_block_changelist")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Block]) -> None:
        gone = list(queryset.select_related("owner", "blocked"))
        super().delete_queryset(request, queryset)
        _tell(gone)


def _tell(rows: list[Block]) -> None:
    """Let the sockets of those who block know, once it is committed."""
    changes = [_look(AccountRef.of(row.owner), AccountRef.of(row.blocked)) for row in rows]
    transaction.on_commit(lambda: write_from_thread(changes))


def _look(owner: AccountRef, peer: AccountRef) -> Change:
    return Change(pair(owner.id, peer.id), partial(blocks.as_it_is, owner=owner, peer=peer))
