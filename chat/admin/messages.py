"""Messages, for staff to look at."""

from http import HTTPStatus
from typing import Any

import msgspec
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.deeds import note_look, note_page
from accounts.admin.lists import ReadOnlyAdmin
from accounts.staff import Somebody, limit, limited, seen
from chat.admin import finding, search
from chat.messages import between
from chat.models import Conversation, Message
from robots.staff import accounts_of

EXCERPT = 80


def _own(user: Somebody) -> Q:
    accounts = accounts_of(user)
    return Q(sender__in=accounts) | Q(recipient__in=accounts)


limit(Message, _own)


class PairFilter(admin.SimpleListFilter):
    """The messages of one conversation. There is nothing to choose: the list of conversations links here."""

    title = _("conversation")
    parameter_name = "pair"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        pair = self._pair()
        if pair is None:
            return []
        views = seen(request.user, Conversation.objects.filter(owner__in=pair, peer__in=pair))
        view = views.select_related("owner", "peer").first()
        return [(str(self.value()), f"{view.owner.name} ↔ {view.peer.name}")] if view else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        pair = self._pair()
        return queryset if pair is None else seen(request.user, between(*pair))

    def _pair(self) -> tuple[int, int] | None:
        one, _dash, other = (self.value() or "").partition("-")
        if not (one.isdecimal() and other.isdecimal()) or max(len(one), len(other)) > 18:
            return None
        return int(one), int(other)


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("id", "sender", "recipient", "app", "excerpt", "created_at", "recalled_at")
    list_filter = (PairFilter,)
    list_select_related = ("sender__app", "recipient")
    search_fields = ("id",)
    search_help_text = _("A message's id, part of a shop's name, or how an account's begins")
    fields = ("id", "sender", "recipient", "created_at", "recalled_at", "whole_body")

    def get_urls(self) -> list[URLPattern]:
        found = self.admin_site.admin_view(self.find)
        return [path("find/", found, name="chat_message_find"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Whoever has looked at what people say to each other is written down."""
        answer: HttpResponse = super().changelist_view(request, extra_context)
        if answer.status_code == HTTPStatus.OK:
            note_page(request, Message, _("Read the list of messages."))
        return answer

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As the list."""
        answer: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        if answer.status_code == HTTPStatus.OK:
            note_look(request, [self.row(request, int(object_id))], _("Read the message."))
        return answer

    def find(self, request: HttpRequest) -> HttpResponse:
        """The page on which staff look for what was said."""
        return finding.page(self, request)

    @admin.display(description=_("app"))
    def app(self, message: Message) -> str:
        return message.sender.app.name

    @admin.display(description=_("body"))
    def excerpt(self, message: Message) -> str:
        body = msgspec.json.decode(message.body)
        content = body.get("content")
        words = content if isinstance(content, str) else message.body
        return f"[{body.get('type')}] {words}"[:EXCERPT]

    @admin.display(description=_("body"))
    def whole_body(self, message: Message) -> str:
        return format_html("<pre>{}</pre>", msgspec.json.format(message.body, indent=2))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        text = search_term.strip()
        # Nothing leads from an account to its messages but its conversations: those of some shops are found by these.
        whole = not limited(request.user) or PairFilter.parameter_name in request.GET
        if not text and whole:
            return queryset, False
        views = seen(request.user, Conversation.objects.all())
        if text:
            views = search.of_somebody(request.user, views, text)
        below = request.GET.get("id__lt", "")
        ids = search.newest_messages(
            views, below=int(below) if below.isdecimal() else None, limit=self.list_per_page + 1
        )
        if text.isascii() and text.isdecimal() and len(text) < 19:
            ids.append(int(text))
        return queryset.filter(id__in=ids), False
