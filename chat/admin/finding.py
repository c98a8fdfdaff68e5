"""A search in all messages that somebody of the staff may see."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.deeds import note_page
from accounts.admin.lists import LimitedAdmin
from accounts.models import Account
from accounts.staff import limited, seen
from chat import message_ids
from chat.admin.hits import HITS, LONGEST_SEARCH, hit
from chat.figures import clock
from chat.models import Conversation, Message
from chat.searching.finding import TooShortError, find, not_entered
from robots.staff import accounts_of

MOST_NAMED = 30
"""Accounts of one name, each in an app of its own, that are looked at."""


def page(model_admin: LimitedAdmin, request: HttpRequest) -> HttpResponse:
    """The form, and what it finds."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    wanted = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    name = request.GET.get("of", "").replace("\0", "").strip()
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Search in all messages"),
        "opts": model_admin.opts,
        "wanted": wanted,
        "of": name,
        "since": request.GET.get("since", "").strip(),
        "until": request.GET.get("until", "").strip(),
        "not_entered": not_entered(),
    }
    if wanted:
        note_page(request, Message, gettext_lazy("Searched in all messages."))
        context |= _found(model_admin, request, wanted, name)
    return TemplateResponse(request, "admin/chat/message/find.html", context)


def _found(model_admin: LimitedAdmin, request: HttpRequest, wanted: str, name: str) -> dict[str, object]:
    rows = model_admin.get_queryset(request).select_related("sender", "recipient")
    whose = None
    if name or limited(request.user):
        accounts = Account.objects.filter(name=name)[:MOST_NAMED] if name else accounts_of(request.user)
        whose = [account.pk for account in accounts]
        rows = rows.filter(Q(sender__in=whose) | Q(recipient__in=whose))
    try:
        above, below = _bounds(request)
    except ValueError:
        return {"no_day": True}
    try:
        found = find(rows, wanted, whose=whose, above=above, below=below, limit=HITS)
    except TooShortError:
        return {"too_short": True}
    talks = _talks(request, found.messages)
    hits = [
        hit(message, wanted, talks.get(frozenset((message.sender_id, message.recipient_id))))
        for message in found.messages
    ]
    return {"hits": hits, "below": found.below, "stopped": found.stopped, "searched": True}


def _bounds(request: HttpRequest) -> tuple[int, int | None]:
    """Between which ids to look, for the days that were asked for and the page. Raises `ValueError` for no day."""
    since, until = _day(request, "since"), _day(request, "until")
    text = request.GET.get("below", "")
    bounds = [int(text)] if text.isascii() and text.isdecimal() and len(text) < 19 else []
    if until:
        bounds.append(message_ids.last_before(clock.begin_of(until + timedelta(days=1))) + 1)
    return message_ids.last_before(clock.begin_of(since)) if since else 0, min(bounds, default=None)


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    day = parse_date(text)
    if day is None or not 1970 <= day.year < 9999:
        raise ValueError(text)
    return day


def _talks(request: HttpRequest, messages: Iterable[Message]) -> dict[frozenset[int], int]:
    """The conversations to which they belong, as far as somebody may see them, by their two accounts."""
    pairs = {(message.sender_id, message.recipient_id) for message in messages}
    one = Q(owner__in=[one for one, _other in pairs], peer__in=[other for _one, other in pairs])
    other = Q(owner__in=[other for _one, other in pairs], peer__in=[one for one, _other in pairs])
    views = seen(request.user, Conversation.objects.filter(one | other)).values_list("owner", "peer", "pk")
    return {frozenset((owner, peer)): pk for owner, peer, pk in views}
