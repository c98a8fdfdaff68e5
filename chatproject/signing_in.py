"""Signing in to the admin: counted as signing in to the chat is, in every process, and noted."""

import logging
import math
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.forms import AuthenticationForm

from accounts import guesses
from accounts.addresses import network
from accounts.admin.deeds import note_sign_in
from accounts.refusals import Refusal
from chat.doors import limits

logger = logging.getLogger(__name__)

STAFF = ""
"""What stands in the place of an appid, which is never empty: nobody of the staff is an account of an app."""


class SignInForm(AuthenticationForm):
    """Says no to the right password, too, once somebody has tried too many."""

    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name is None or not password:
            return super().clean()  # type: ignore[no-any-return]
        address = network(str(self.request.META.get("REMOTE_ADDR", "")))
        who = guesses.key(appid=STAFF, name=name, address=address)
        try:
            async_to_sync(_check)(address, who, password)
        except Refusal as refusal:
            raise ValidationError(_come_back(refusal.retry_after), code="too_many") from None
        try:
            given: dict[str, Any] = super().clean()
        except ValidationError:
            if async_to_sync(_settle)(who, password, False):
                self._refused(name, address)
            raise
        async_to_sync(_settle)(who, password, True)
        note_sign_in(self.get_user(), _("Signed in from %(address)s."), address)
        return given

    def _refused(self, name: str, address: str) -> None:
        """Of names that nobody has nothing is kept: what stands in their place may be a password."""
        logger.warning("signing in to the admin was refused, from %s", address)
        user = get_user_model().objects.filter(username=name).first()
        if user is not None:
            note_sign_in(user, _("Somebody at %(address)s tried to sign in as this user, and was refused."), address)


async def _check(address: str, who: str, password: str) -> None:
    """On the event loop, where signing in to the chat counts."""
    limits.sign_ins.take(address)
    limits.guesses.check(who, password)


async def _settle(who: str, password: str, right: bool) -> bool:
    return limits.guesses.settle(who, password, right)


def _come_back(seconds: float) -> str:
    minutes = max(1, math.ceil(seconds / 60))
    said = ngettext(
        "Too many attempts to sign in. Try again in %(count)d minute.",
        "Too many attempts to sign in. Try again in %(count)d minutes.",
        minutes,
    )
    return said % {"count": minutes}
