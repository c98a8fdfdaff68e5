"""Whether a shop's robot answers by itself right now, and why."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from robots.hours import now_in
from robots.models import Shop, Speaks
from robots.unasked import may_speak

ALWAYS = gettext_lazy(
    "Without hours people are always there, and the robot would answer at all times, also while "
    "they are online. Write the hours; or “0:00-24:00” if that is what you want."
)

_rules: list[Callable[[int], bool | None]] = []


@dataclass(frozen=True, slots=True)
class Now:
    """Whether it speaks, and why, in words that go on after a colon."""

    speaks: bool
    why: str


def is_always(speaks: str, hours: str) -> bool:
    """Whether a robot set up so speaks at all times, which nobody means who writes no hours; `ALWAYS` says so."""
    return (speaks, hours) == (Speaks.ALONE_OR_OPEN, "")


def online_by(rule: Callable[[int], bool | None]) -> None:
    """Say how to know whether an account is online, None where nobody does. Packages above know of sockets."""
    _rules.append(rule)


def now(shop: Shop) -> Now:
    """As things are. Called outside of the event loop."""
    if not shop.enabled:
        return Now(False, _("the shop is disabled."))
    if shop.speaks == Speaks.NEVER:
        return Now(False, _("it is switched off, and answers only when customers call it."))
    online = next((rule(shop.account_id) for rule in _rules), None)
    return Now(may_speak(shop, alone=online is False), _why(shop, online))


def _why(shop: Shop, online: bool | None) -> str:
    if online is False:
        return _("nobody of the shop is online.")
    within = shop.week.open_at(now_in(shop.zone))
    if shop.speaks == (Speaks.ALONE_OR_OPEN if within else Speaks.ALONE_OR_CLOSED):
        return _("it is within the shop's hours.") if within else _("it is outside of the shop's hours.")
    if online is None:
        return _("who is online is not known, as other processes are out of reach.")
    if shop.speaks == Speaks.ALONE:
        return _("somebody of the shop is online.")
    if within:
        return _("somebody of the shop is online, and it is within the shop's hours.")
    return _("somebody of the shop is online, and it is outside of the shop's hours.")
