"""App keys: what an app's own server shows to be let in over HTTP.

A key reads `ck_<prefix>_<secret>`. The prefix finds it. The secret is 256 random bits, so that one round of SHA-256
keeps it as safe as a slow hash would, at the price of a microsecond for each request.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import models
from django.utils import timezone

from accounts.models import App, AppKey, Scope

BEGINNING = "ck_"
NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is recorded when a key was used last."""
_KEY = re.compile(r"ck_([0-9a-f]{12})_([0-9a-f]{64})")


def new(*, app: App, name: str, scopes: Iterable[Scope]) -> tuple[AppKey, str]:
    """A key of the app that is still to be saved, and its text, which nobody can look up later."""
    prefix, secret = secrets.token_hex(6), secrets.token_hex(32)
    allowed = sorted(str(scope) for scope in scopes)
    key = AppKey(app=app, name=name, prefix=prefix, digest=_digest(secret), scopes=allowed)
    return key, f"{BEGINNING}{prefix}_{secret}"


def key_of(text: str) -> AppKey | None:
    """The key that the text is, with its app; None if there is none, it was revoked, or its app is disabled."""
    parts = _KEY.fullmatch(text)
    if parts is None:
        return None
    key = AppKey.objects.select_related("app").filter(prefix=parts[1], revoked_at=None, app__enabled=True).first()
    return key if key is not None and hmac.compare_digest(key.digest, _digest(parts[2])) else None


def note_use(key: AppKey) -> None:
    """Record that the key is used, which is written once in `NOTED_EVERY` at most."""
    now = timezone.now()
    due = now - NOTED_EVERY
    if key.last_used_at is None or key.last_used_at < due:
        unnoted = models.Q(last_used_at=None) | models.Q(last_used_at__lt=due)
        AppKey.objects.filter(unnoted, pk=key.pk).update(last_used_at=now)


def revoke(key: AppKey) -> None:
    """Let nobody in with the key from now on."""
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
