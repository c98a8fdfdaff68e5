"""The page at the root: what this is, and where to go."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import App
from chat import demo


@dataclass(frozen=True)
class Demo:
    """What one needs to sign in to the demo app."""

    appid: str = demo.APPID
    people: tuple[str, ...] = tuple(demo.PEOPLE)
    shop_account: str = demo.SHOP_ACCOUNT
    shop_number: int = demo.SHOP_NUMBER
    password: str = demo.PASSWORD
    admin: str = demo.ADMIN
    admin_password: str = demo.ADMIN_PASSWORD


def index(request: HttpRequest) -> HttpResponse:
    """The demo's passwords are shown only with DEBUG on, when the demo app is loaded."""
    scheme = "wss" if request.is_secure() else "ws"
    context: dict[str, Any] = {
        "socket": f"{scheme}://{request.get_host()}/ws",
        "demo": Demo() if settings.DEBUG and App.objects.filter(appid=demo.APPID).exists() else None,
    }
    return render(request, "index.html", context)
