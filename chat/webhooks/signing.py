"""Signatures and secrets as Standard Webhooks describes them (standardwebhooks.com, symmetric, v1)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, name: str, timestamp: int, body: str) -> str:
    """`v1,` and the signature of one message; `timestamp` is in seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{name}.{timestamp}.{body}".encode(), hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def headers(keys: Iterable[str], name: str, timestamp: int, body: str) -> dict[str, str]:
    """What goes with the message: signed with each of the secrets, so that one can be exchanged for another."""
    return {
        "webhook-id": name,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(key, name, timestamp, body) for key in keys),
    }
