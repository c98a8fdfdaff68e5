"""A conversation as it looks in the chat, with a search, for staff who may see messages. The log says who read it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.deeds import note_look
from accounts.admin.lists import LimitedAdmin
from chat import history
from chat.admin.beside import beside, write
from chat.admin.bubbles import bubbles
from chat.admin.hits import HITS, LONGEST_SEARCH, hit
from chat.admin.sides import Sides, called
from chat.database.pairs import pair
from chat.messages import between
from chat.models import Conversation
from chat.searching.finding import MOST_LOOKED_AT, find_between

PAGE = 60
"""Messages on a page."""


def viewer(model_admin: LimitedAdmin, request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The page: the newest messages, those before, after or around an id, or what a search found."""
    talk: Conversation = model_admin.row(request, conversation_id, "owner__app", "owner__shop", "peer__shop")
    if not (model_admin.has_view_permission(request, talk) and request.user.has_perm("chat.view_message")):
        raise PermissionDenied
    if request.method == "POST":
        write(request, talk)
        return redirect(f"{request.get_full_path()}#notes")
    note_look(request, [talk], gettext_lazy("Read the conversation."))
    sides = Sides.of(talk)
    low, high = pair(talk.owner_id, talk.peer_id)
    wanted = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    places = {name: number for name in ("at", "before", "after") if (number := _number(request, name)) is not None}
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("%(one)s with %(other)s") % {"one": called(sides.left), "other": called(sides.right)},
        "opts": model_admin.opts,
        "talk": talk,
        "sides": sides,
        "messages_link": f"{reverse('admin:chat_message_changelist')}?pair={low}-{high}",
        "wanted": wanted,
        "elsewhere": bool(places or wanted),
        "beside": beside(request, talk),
        **(_found(talk, wanted, _number(request, "below")) if wanted and not places else _read(talk, sides, **places)),
    }
    return TemplateResponse(request, "admin/chat/conversation/viewer.html", context)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _read(
    talk: Conversation, sides: Sides, at: int | None = None, before: int | None = None, after: int | None = None
) -> dict[str, Any]:
    """A page of messages, and where the pages before and after it begin."""
    both: dict[str, Any] = {"owner_id": talk.owner_id, "peer_id": talk.peer_id, "hidden": True}
    if at is not None:
        older = history.older(**both, before=at + 1, limit=PAGE // 2)
        newer = history.newer(**both, after=at, limit=PAGE // 2)
        lines, more_before, more_after = [*older.lines, *newer.lines], older.has_more, newer.has_more
    elif after is not None:
        newer = history.newer(**both, after=after, limit=PAGE)
        lines, more_before, more_after = newer.lines, True, newer.has_more
    else:
        older = history.older(**both, before=before, limit=PAGE)
        lines, more_before, more_after = older.lines, older.has_more, before is not None
    return {
        "bubbles": list(bubbles(lines, sides.right.pk)),
        "at": at,
        "older": lines[0].id if lines and more_before else None,
        "newer": lines[-1].id if lines and more_after else None,
    }


def _found(talk: Conversation, wanted: str, below: int | None) -> dict[str, Any]:
    """A page of messages that have the words."""
    both = talk.owner_id, talk.peer_id
    rows = between(*both).select_related("sender", "recipient")
    found = find_between(rows, both, wanted, below=below, limit=HITS)
    return {
        "searched": True,
        "hits": [hit(message, wanted, talk.pk, q=wanted) for message in found.messages],
        "below": found.below,
        "stopped": MOST_LOOKED_AT if found.stopped else None,
    }
