"""The pages on which people chat. They are made of files in `static/`; what they must know comes along as JSON."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, App
from chat import demo
from chatproject.headers import PERMISSIONS

STATIC = settings.BASE_DIR / "static"
IMPORT = re.compile(r"""^(?:import|export|\}) (?:.* )?(?:from )?'(\.[^']+)';""", re.MULTILINE)
IMPORT_LATER = re.compile(r"""\bimport\(`(\.[^`$]+)\$\{again\}`\)""")
MICROPHONE = PERMISSIONS.replace("microphone=()", "microphone=(self)")
"""Voices are recorded on the pages themselves."""


@dataclass(frozen=True)
class ChatPage:
    """A page made of what `main.js` in the first of these folders of `static/` imports, and of the words in each."""

    title: Promise
    folders: tuple[str, ...]
    styles: tuple[str, ...]
    later: str = ""
    """A script besides, which is fetched once somebody needs it."""

    @property
    def main(self) -> str:
        """The script that begins."""
        return f"{self.folders[0]}/main.js"

    @cached_property
    def first(self) -> tuple[str, ...]:
        """What the page begins with."""
        return tuple(sorted(_imported(self.main)))

    @cached_property
    def _all(self) -> tuple[str, ...]:
        later = _imported(f"{self.folders[0]}/{self.later}") if self.later else set()
        return tuple(sorted(later.union(self.first)))

    @property
    def words(self) -> tuple[str, ...]:
        """What it says in the language that is spoken: behind the chat's words those that it has besides."""
        name = "en.js" if get_language() == "en" else "zh-hans.js"
        return tuple(f"{folder}/words/{name}" for folder in reversed(self.folders))

    @property
    def modules(self) -> tuple[str, ...]:
        """Every module, so that browsers fetch them all at once instead of one after another."""
        return (*self._all, *self.words)

    @cached_property
    def when_needed(self) -> tuple[str, ...]:
        """Modules of the page that it fetches once somebody needs them, or when it rests."""
        found: set[str] = set()
        new = set(self._all)
        while new:
            scripts = {(STATIC / name).parent / later for name in new for later in _later(name)}
            new = {module for script in scripts for module in _imported(script)} - found - {*self._all}
            found |= new
        return tuple(sorted(found))

    def response(self, request: HttpRequest) -> HttpResponse:
        """The page, for whoever asks: it lets people in itself."""
        return self.drawn(request, _page(request), preloaded=self.modules)

    def drawn(self, request: HttpRequest, page: dict[str, Any], **context: Any) -> HttpResponse:
        """The page, which is told `page` and where its words stand."""
        told = {**page, "words": [static(name) for name in self.words]}
        response = render(request, "chat.html", {"page": told, "of": self, **context})
        response.headers["Permissions-Policy"] = MICROPHONE
        return response


def _later(script: str) -> list[str]:
    """What it imports when it is needed, as `views/later.js` has it."""
    return IMPORT_LATER.findall((STATIC / script).read_text())


def _imported(script: str | Path) -> set[str]:
    """The script and all that it imports."""
    found, new = set[Path](), {(STATIC / script).resolve()}
    while new:
        found |= new
        new = {(file.parent / name).resolve() for file in new for name in IMPORT.findall(file.read_text())} - found
    return {file.relative_to(STATIC).as_posix() for file in found}


STYLES = tuple(f"chat/styles/{name}.css" for name in ("base", "list", "room", "dialogs", "touch"))
CHAT = ChatPage(_("Chat"), ("chat",), STYLES)
DESK = ChatPage(
    _("Customer service desk"), ("desk", "chat"), (*STYLES, "desk/styles/desk.css", "desk/styles/panel.css")
)


def chat(request: HttpRequest) -> HttpResponse:
    """For any account; `?appid=` says of which app where there are several.

    `?to=`, `shop_id=` and `goods_…=` open a conversation with a shop about a product.
    """
    return CHAT.response(request)


def desk(request: HttpRequest) -> HttpResponse:
    """For the accounts of shops, with what helps to answer beside the conversation."""
    return DESK.response(request)


def notifier(request: HttpRequest) -> HttpResponse:
    """A service worker for the pages in whose folder this stands; browsers ask for it anew each time."""
    source = (STATIC / "chat" / "notifier.js").read_bytes()
    return HttpResponse(source, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


def _page(request: HttpRequest) -> dict[str, Any]:
    return {
        "appid": request.GET.get("appid", "")[:64] or _only_app(),
        "socket": socket(request),
        "timeZone": settings.TIME_ZONE,
        "uploadBytes": settings.UPLOAD_BYTES,
        "mark": static("mark.svg"),
        "chat": reverse("chat"),
        "desk": reverse("desk"),
        "language": get_language(),
        "languages": [(code, get_language_info(code)["name_local"]) for code, _ in settings.LANGUAGES],
        "setLanguage": reverse("set_language"),
        "csrf": get_token(request),
        "demo": _demo() if settings.DEBUG else None,
    }


def socket(request: HttpRequest) -> str:
    """Where the page's socket goes."""
    return f"{'wss' if request.is_secure() else 'ws'}://{request.get_host()}/ws"


def _only_app() -> str:
    """The appid where there is just one, so that nobody has to type it."""
    found = App.objects.filter(enabled=True).values_list("appid", flat=True)[:2]
    return found[0] if len(found) == 1 else ""


def _demo() -> dict[str, Any] | None:
    people = Account.objects.filter(app__appid=demo.APPID, name__in=[*demo.PEOPLE, demo.SHOP_ACCOUNT]).order_by("id")
    shown = [(account.name, account.shown_name, account.avatar) for account in people]
    return {"appid": demo.APPID, "password": demo.PASSWORD, "people": shown} if shown else None
