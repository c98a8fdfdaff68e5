"""The page on which people chat. It is made of files in `static/`; what it must know comes along as JSON."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_info

from accounts.models import Account, App
from chat import demo

STYLES = ("chat/styles/base.css", "chat/styles/list.css", "chat/styles/room.css", "chat/styles/dialogs.css")


@cache
def modules() -> tuple[str, ...]:
    """Every module of the page, so that browsers fetch them all at once instead of one after another."""
    static_files = settings.BASE_DIR / "static"
    folders = ("chat", "chat/views", "chat/words", "chat-client", "vendor")
    files = [
        static_files / "chat-client.js",
        *(file for name in folders for file in (static_files / name).glob("*.js")),
    ]
    return tuple(sorted(str(file.relative_to(static_files)) for file in files if file.name != "theme.js"))


def chat(request: HttpRequest) -> HttpResponse:
    """For any account; `?appid=` says of which app where there are several.

    `?to=`, `shop_id=` and `goods_…=` open a conversation with a shop about a product.
    """
    context = {"page": _page(request), "styles": STYLES, "modules": modules()}
    return render(request, "chat.html", context)


def _page(request: HttpRequest) -> dict[str, Any]:
    scheme = "wss" if request.is_secure() else "ws"
    return {
        "appid": request.GET.get("appid", "")[:64] or _only_app(),
        "socket": f"{scheme}://{request.get_host()}/ws",
        "timeZone": settings.TIME_ZONE,
        "mark": static("mark.svg"),
        "language": get_language(),
        "languages": [(code, get_language_info(code)["name_local"]) for code, _ in settings.LANGUAGES],
        "setLanguage": reverse("set_language"),
        "csrf": get_token(request),
        "demo": _demo() if settings.DEBUG else None,
    }


def _only_app() -> str:
    """The appid where there is just one, so that nobody has to type it."""
    found = App.objects.filter(enabled=True).values_list("appid", flat=True)[:2]
    return found[0] if len(found) == 1 else ""


def _demo() -> dict[str, Any] | None:
    people = Account.objects.filter(app__appid=demo.APPID, name__in=[*demo.PEOPLE, demo.SHOP_ACCOUNT]).order_by("id")
    shown = [(account.name, account.shown_name, account.avatar) for account in people]
    return {"appid": demo.APPID, "password": demo.PASSWORD, "people": shown} if shown else None
