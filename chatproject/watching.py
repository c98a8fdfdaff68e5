"""The page of metrics, and who may read it."""

import hmac
from ipaddress import ip_address

from django.conf import settings
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from chat import metrics
from chatproject.plain import Answer, Scope, header

FORBIDDEN = Answer(403, b'{"status":"only from this machine, or with METRICS_TOKEN"}')
UNAUTHORIZED = Answer(401, b'{"status":"a token is needed"}', headers=((b"www-authenticate", b"Bearer"),))


async def page(scope: Scope) -> Answer:
    """The metrics: with `METRICS_TOKEN` set for whoever brings it, without it only for this machine's own programs."""
    if settings.METRICS_TOKEN:
        brought = header(scope, b"authorization") or b""
        if not hmac.compare_digest(brought, b"Bearer " + settings.METRICS_TOKEN.encode()):
            return UNAUTHORIZED
    elif not _is_local(scope):
        return FORBIDDEN
    return Answer(200, metrics.text(), CONTENT_TYPE_PLAIN_0_0_4.encode())


def _is_local(scope: Scope) -> bool:
    """Asked from this machine, and not for somebody else by a proxy on it."""
    client = scope.get("client")
    proxied = header(scope, b"x-forwarded-for") or header(scope, b"forwarded")
    try:
        return client is not None and not proxied and ip_address(client[0]).is_loopback
    except ValueError:
        # A proxy that is trusted names a client without an address.
        return False
