"""A conversation as it looks in the chat, with a search, for staff who may see messages. The log says who read it."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.deeds import note_look
from accounts.admin.lists import LimitedAdmin
from chat import history
from chat.admin.beside import beside, write
from chat.admin.bubbles import bubbles
from chat.models import Conversation
from chat.searching.pieces import said

PAGE = 60
"""Messages on a page."""
CHUNK = 1000
MOST_LOOKED_AT = 50_000
"""Messages that a search looks at, from the newest on; the page says when it stopped there."""
LONGEST_SEARCH = 100


def viewer(model_admin: LimitedAdmin, request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The page: the newest messages, those before an id, or those with some words."""
    talk: Conversation = model_admin.row(request, conversation_id, "owner__app", "peer")
    if not (model_admin.has_view_permission(request, talk) and request.user.has_perm("chat.view_message")):
        raise PermissionDenied
    if request.method == "POST":
        write(request, talk)
        return redirect("admin:chat_conversation_talk", talk.pk)
    note_look(request, [talk], gettext_lazy("Read the conversation."))
    wanted = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    before = request.GET.get("before", "")
    below = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    if wanted:
        lines, more, stopped = _found(talk, wanted, below)
    else:
        page = history.older(owner_id=talk.owner_id, peer_id=talk.peer_id, before=below, limit=PAGE, hidden=True)
        lines, more, stopped = page.lines, page.has_more, False
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Conversation"),
        "opts": model_admin.opts,
        "talk": talk,
        "bubbles": list(bubbles(lines, talk.owner_id)),
        "older": lines[0].id if lines and more else None,
        "wanted": wanted,
        "stopped": MOST_LOOKED_AT if stopped else None,
        "before": below,
        "beside": beside(request, talk),
    }
    return TemplateResponse(request, "admin/chat/conversation/viewer.html", context)


def _found(talk: Conversation, wanted: str, below: int | None) -> tuple[list[history.Line], bool, bool]:
    """Messages with these words, whether there may be older ones, and whether the search stopped before the oldest.

    A body is JSON, in which letters may be written as numbers: the words are looked for in what it says, not in its
    characters.
    """
    found: list[history.Line] = []
    sought = wanted.casefold()
    looked_at = 0
    for lines in _chunks(talk, below):
        for line in reversed(lines):
            looked_at += 1
            if line.recalled_at is None and sought in said(line.body).casefold():
                found.append(line)
                if len(found) > PAGE:
                    return found[:PAGE][::-1], True, False
        if looked_at >= MOST_LOOKED_AT:
            return found[::-1], False, True
    return found[::-1], False, False


def _chunks(talk: Conversation, below: int | None) -> Iterator[list[history.Line]]:
    more = True
    while more:
        page = history.older(owner_id=talk.owner_id, peer_id=talk.peer_id, before=below, limit=CHUNK, hidden=True)
        yield page.lines
        more, below = page.has_more, page.lines[0].id if page.lines else None
