"""How the admin looks, and the menu beside it: the settings of django-unfold."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

GREEN = {
    "50": "236 253 245",
    "100": "209 250 229",
    "200": "167 243 208",
    "300": "110 231 183",
    "400": "52 211 153",
    "500": "16 185 129",
    "600": "5 150 105",
    "700": "4 120 87",
    "800": "6 95 70",
    "900": "6 78 59",
    "950": "2 44 34",
}
"""The shades of the chat page's colour, from light to dark."""


def may_view(permission: str) -> Callable[[HttpRequest], bool]:
    """Whether somebody sees an entry of the menu."""
    return lambda request: request.user.has_perm(permission)


def entry(title: Any, icon: str, app: str, model: str) -> dict[str, Any]:
    """One list of the admin as an entry of its menu."""
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{model}_changelist"),
        "permission": may_view(f"{app}.view_{model}"),
    }


THEME: dict[str, Any] = {
    "SITE_TITLE": _("Shop chat"),
    "SITE_HEADER": _("Shop chat"),
    "SITE_SYMBOL": "forum",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("mark.svg")}],
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "chat.admin.start.figures",
    "COLORS": {"primary": {shade: f"rgb({parts.replace(' ', ', ')})" for shade, parts in GREEN.items()}},
    "SIDEBAR": {
        "navigation": [
            {
                "title": _("Shops"),
                "separator": False,
                "items": [
                    entry(_("Shops and their robots"), "storefront", "robots", "shop"),
                    entry(_("Questions robots can't answer"), "contact_support", "robots", "gap"),
                    entry(_("Notes"), "sticky_note_2", "robots", "note"),
                ],
            },
            {
                "title": _("Chat"),
                "separator": True,
                "items": [
                    entry(_("Conversations"), "forum", "chat", "conversation"),
                    entry(_("Messages"), "chat_bubble", "chat", "message"),
                    entry(_("Notifications"), "campaign", "chat", "notification"),
                    entry(_("Blocks"), "block", "chat", "block"),
                ],
            },
            {
                "title": _("Accounts"),
                "separator": True,
                "items": [
                    entry(_("Accounts"), "person", "accounts", "account"),
                    entry(_("Apps"), "apps", "accounts", "app"),
                ],
            },
            {
                "title": _("Integration"),
                "separator": True,
                "items": [
                    entry(_("App keys"), "key", "accounts", "appkey"),
                    entry(_("Webhooks"), "webhook", "chat", "endpoint"),
                    entry(_("Deliveries of webhooks"), "outbox", "chat", "delivery"),
                ],
            },
            {
                "title": _("Staff"),
                "separator": True,
                "items": [
                    entry(_("Users"), "badge", "auth", "user"),
                    entry(_("Groups"), "groups", "auth", "group"),
                    entry(_("What staff did"), "history", "admin", "logentry"),
                ],
            },
        ]
    },
}
