"""Conversations, for staff to look at: one row for both sides of a talk, with the shop on the right."""

from collections.abc import Collection
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import OlderPages, ReadOnlyAdmin
from accounts.staff import limit, limited, seen
from chat.admin import search
from chat.admin.sides import Named, called, one_of_each
from chat.admin.viewer import viewer
from chat.models import Conversation
from robots.admin.talks import linked_by
from robots.models import Shop
from robots.staff import accounts_of

MARK = "✓"

limit(Conversation, lambda user: Q(owner__in=accounts_of(user)))


class Talks(OlderPages):
    """Rows that lead to what was said."""

    def url_for_result(self, result: Conversation) -> str:
        return reverse("admin:chat_conversation_talk", args=[result.pk])


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    list_display = ("talk", "preview", "last_message_at", "waiting", "on_top", "app")
    list_select_related = ("owner__app", "owner__shop", "peer__shop")
    search_fields = ("owner__name__begins",)
    search_help_text = _("Part of a shop's name, or how an account's begins")
    how_rows_come = _("A conversation is here with its first message.")
    fields = ("owner", "peer", "preview", "last_message_at", "unread", "pinned")

    def get_urls(self) -> list[URLPattern]:
        talk = self.admin_site.admin_view(self.viewer)
        return [path("<int:conversation_id>/talk/", talk, name="chat_conversation_talk"), *super().get_urls()]

    def viewer(self, request: HttpRequest, conversation_id: int) -> HttpResponse:
        """The conversation as it looks in the chat."""
        return viewer(self, request, conversation_id)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[OlderPages]:
        return Talks if request.user.has_perm("chat.view_message") else OlderPages

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Who works for one shop need not be told which on each row."""
        if not limited(request.user):
            return self.list_display
        first = "customer" if accounts_of(request.user).count() < 2 else "talk"
        return (first, *self.list_display[1:-1])

    def shown(self, row: Conversation) -> Named:
        return Named(row)

    @admin.display(description=_("who talks with whom"))
    def talk(self, conversation: Conversation) -> str:
        return str(Named(conversation))

    @admin.display(description=_("customer"))
    def customer(self, conversation: Conversation) -> str:
        return called(conversation.peer)

    @admin.display(description=_("unread"), empty_value="")
    def waiting(self, conversation: Conversation) -> int | None:
        return conversation.unread or None

    @admin.display(description=_("pinned"), empty_value="")
    def on_top(self, conversation: Conversation) -> str | None:
        return MARK if conversation.pinned else None

    @admin.display(description=_("app"))
    def app(self, conversation: Conversation) -> str:
        return conversation.owner.app.name

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Conversation], search_term: str
    ) -> tuple[QuerySet[Conversation], bool]:
        text = search_term.strip()
        if limited(request.user):
            return (search.of_somebody(request.user, queryset, text) if text else queryset), False
        return (search.talks_of_somebody(queryset, text) if text else one_of_each(queryset)), False


@linked_by
def talks(request: HttpRequest, shop: Shop, account_ids: Collection[int]) -> dict[int, str]:
    """Where the shop's talks with these accounts are read."""
    if not request.user.has_perms(["chat.view_conversation", "chat.view_message"]):
        return {}
    views = seen(request.user, Conversation.objects.filter(owner=shop.account_id, peer__in=account_ids))
    return {
        peer_id: reverse("admin:chat_conversation_talk", args=[key]) for peer_id, key in views.values_list("peer", "pk")
    }
