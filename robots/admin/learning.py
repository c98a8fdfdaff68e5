"""How far a shop's robot has come with learning its questions, on pages of the admin that show it."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.admin.lists import LimitedAdmin
from robots.learning import going_on
from robots.models import Shop

MOST_POLLS = 15
"""Questions of a page, one every two seconds, to which nobody has begun to learn what has changed."""


def shown(shop: Shop, *, polls: int = 0, seen: bool = False, again: bool = False) -> dict[str, Any]:
    """What a page shows that asked so often in vain, and has `seen` somebody learn.

    `again`: the page is to be loaded anew once that is done.
    """
    learning = going_on(shop)
    if learning is not None:
        polls, seen = 0, True
    waits = learning is not None or (shop.stale and polls < MOST_POLLS)
    asked = {"polls": polls + 1, "seen": "1" if seen else "", "again": "1" if again else ""}
    return {
        "shop": shop,
        "learning": learning,
        "done": f"{learning.done:,}" if learning else "",
        "every": f"{learning.every:,}" if learning else "",
        "learnt": seen and learning is None and not shop.stale,
        "asked": urlencode(asked) if waits else "",
    }


def page(model_admin: LimitedAdmin, request: HttpRequest, shop_id: int) -> HttpResponse:
    """What stands in a page's place for it now."""
    shop: Shop = model_admin.row(request, shop_id)
    if not model_admin.has_view_permission(request, shop):
        raise PermissionDenied
    polls, again = request.GET.get("polls", ""), bool(request.GET.get("again"))
    polled = int(polls) if polls.isascii() and polls.isdecimal() and len(polls) < 4 else MOST_POLLS
    context = shown(shop, polls=polled, seen=bool(request.GET.get("seen")), again=again)
    done = {"HX-Refresh": "true"} if again and context["learnt"] else {}
    return TemplateResponse(request, "admin/robots/shop/learning.html", {"learns": context}, headers=done)
