"""Each side's view of its conversations, for staff to look at."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnlyAdmin
from accounts.staff import limit
from chat.admin import search
from chat.admin.viewer import viewer
from chat.database.pairs import pair
from chat.models import Conversation
from robots.staff import accounts_of

limit(Conversation, lambda user: Q(owner__in=accounts_of(user)))


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    list_display = ("owner", "peer", "app", "preview", "last_message_at", "unread", "pinned", "talk", "messages")
    list_select_related = ("owner__app", "peer")
    search_fields = ("owner__name__begins",)
    search_help_text = _("The name of an account whose conversations you look for, or its beginning.")
    fields = ("owner", "peer", "preview", "last_message_at", "unread", "pinned", "messages")

    def get_urls(self) -> list[URLPattern]:
        talk = self.admin_site.admin_view(self.viewer)
        return [path("<int:conversation_id>/talk/", talk, name="chat_conversation_talk"), *super().get_urls()]

    def viewer(self, request: HttpRequest, conversation_id: int) -> HttpResponse:
        """The conversation as it looks in the chat."""
        return viewer(self, request, conversation_id)

    @admin.display(description=_("conversation"))
    def talk(self, conversation: Conversation) -> str:
        page = reverse("admin:chat_conversation_talk", args=[conversation.pk])
        return format_html('<a href="{}">{}</a>', page, _("open"))

    @admin.display(description=_("app"))
    def app(self, conversation: Conversation) -> str:
        return conversation.owner.app.name

    @admin.display(description=_("messages"))
    def messages(self, conversation: Conversation) -> str:
        low, high = pair(conversation.owner_id, conversation.peer_id)
        page = f"{reverse('admin:chat_message_changelist')}?pair={low}-{high}"
        return format_html('<a href="{}">{}</a>', page, _("messages"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Conversation], search_term: str
    ) -> tuple[QuerySet[Conversation], bool]:
        if search_term.strip():
            queryset = search.of_somebody(request.user, queryset, search_term.strip())
        return queryset, False
