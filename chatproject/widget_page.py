"""The page that stands in frames on other sites: a shop's conversation with a guest."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refusal
from chat import guests
from chatproject.chat_page import STYLES, ChatPage, socket
from chatproject.headers import framed_by
from robots.models import Shop

PAGE = ChatPage(_("Chat"), ("widget", "chat"), (*STYLES, "widget/styles/widget.css"), later="app.js")
THEMES = ("light", "dark")
MOST_QUESTIONS = 6
"""Questions that can be tapped before anything was said."""


def widget(request: HttpRequest) -> HttpResponse:
    """`?appid=` and `shop=` say with whom one talks, `site=` who speaks with the frame, `lang=`, `theme=` its looks.

    Only the sites of the app may show it; where a shop takes no guests, nobody may.
    """
    try:
        shop = guests.shop_for_guests(appid=request.GET.get("appid", ""), number=_number(request.GET.get("shop", "")))
    except Refusal:
        return HttpResponseNotFound(_("This shop takes no guests."), content_type="text/plain; charset=utf-8")
    theme = request.GET.get("theme", "")
    with translation.override(_language(request)):
        response = PAGE.drawn(
            request, _page(request, shop), framed=True, theme=theme if theme in THEMES else "", preloaded=PAGE.first
        )
    return framed_by(shop.app.framing_sites, response)


def _page(request: HttpRequest, shop: Shop) -> dict[str, Any]:
    account, questions = shop.account, shop.faqs.filter(enabled=True)[:MOST_QUESTIONS]
    return {
        "appid": shop.app.appid,
        "shop": {
            "number": shop.number,
            "account": account.name,
            "nickname": account.shown_name,
            "avatar": account.avatar,
        },
        "menu": {
            "title": shop.greeting,
            "questions": [{"question_id": faq.number, "question": faq.question} for faq in questions],
        },
        "site": request.GET.get("site", ""),
        "socket": socket(request),
        "timeZone": settings.TIME_ZONE,
        "modules": [static(name) for name in PAGE.modules if name not in PAGE.first],
    }


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language()


def _number(text: str) -> int:
    """The shop's number; -1, which no shop has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else -1
