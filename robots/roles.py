"""The groups of staff that there are from the start."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.staff import EVERYTHING


class Role(NamedTuple):
    """A group, what it is for, and its permissions, which those who run the server may change afterwards.

    Its name is translated where it is shown.
    """

    group: str
    meaning: Any
    permissions: tuple[str, ...]


def _each(model: str, *doing: str) -> tuple[str, ...]:
    app, _dot, name = model.partition(".")
    return tuple(f"{app}.{what}_{name}" for what in doing)


SHOP_STAFF = Role(
    gettext_noop("shop staff"),
    _("Shop staff: settings, questions, quick replies and conversations of their own shops"),
    (
        *_each("robots.shop", "view", "change"),
        *_each("robots.faq", "view", "add", "change", "delete"),
        *_each("robots.quickreply", "view", "add", "change", "delete"),
        *_each("robots.note", "view", "add", "change", "delete"),
        *_each("robots.gap", "view", "change", "reply"),
        *_each("robots.unansweredquestion", "view", "change"),
        *_each("chat.conversation", "view"),
        *_each("chat.message", "view"),
    ),
)
PLATFORM_STAFF = Role(
    gettext_noop("platform staff"),
    _("Platform staff: every app, account and shop, and notifications; no users, app keys or webhooks"),
    (
        EVERYTHING,
        *SHOP_STAFF.permissions,
        *_each("accounts.app", "view", "add", "change"),
        *_each("accounts.account", "view", "add", "change"),
        *_each("robots.shop", "add"),
        *_each("chat.notification", "view", "add"),
        *_each("chat.block", "view", "add", "delete"),
        *_each("admin.logentry", "view"),
    ),
)
ROLES = (SHOP_STAFF, PLATFORM_STAFF)


def make_groups(apps: Any, using: str) -> None:
    """Make the groups that are missing, once the database has all that they may do."""
    try:
        group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:  # what is migrated is another package, before Django's own
        return
    rows = permission_model.objects.using(using).select_related("content_type")
    known = {f"{row.content_type.app_label}.{row.codename}": row for row in rows}
    for role in ROLES:
        if known.keys() >= set(role.permissions):
            group, made = group_model.objects.using(using).get_or_create(name=role.group)
            if made:
                group.permissions.set(known[permission] for permission in role.permissions)
