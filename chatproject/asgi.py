"""What daphne and uvicorn serve: pages over HTTP, the chat over one WebSocket.

Health and metrics are answered before Django sees them: at any time, and whatever host name or scheme they come by.
"""

import gc
import logging
import os
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import re_path
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

# Hardly anything becomes garbage while all is loaded, and looking for it was a seventh of a start.
gc.disable()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
django_pages = get_asgi_application()

from chat import chores, garbage  # noqa: E402
from chat.sockets import rights  # noqa: E402
from chat.sockets.consumer import ChatConsumer  # noqa: E402
from chat.sockets.logged_consumer import LoggedConsumer  # noqa: E402
from chat.webhooks import deliverer  # noqa: E402
from chatproject import health, media, watching  # noqa: E402
from chatproject.bodies import Bounded  # noqa: E402
from chatproject.embedded import claim  # noqa: E402
from chatproject.plain import ALIVE, METRICS, READY, Page, Unwatched  # noqa: E402

claim()
rights.watch()
logging.getLogger("uvicorn.access").addFilter(Unwatched())

pages = Bounded(django_pages)
outside = {ALIVE: Page(health.alive), READY: Page(health.ready), METRICS: Page(watching.page)}


async def http(scope: Any, receive: Any, send: Any) -> None:
    """The pages that Django makes, the few that it does not, and uploads."""
    if scope["path"].startswith(media.BEGINNING):
        await media.page(scope, receive, send)
    else:
        await outside.get(scope["path"], pages)(scope, receive, send)


async def no_such_socket(scope: Any, receive: Any, send: Any) -> None:
    """Refuse WebSockets on any other path."""
    await receive()
    await send({"type": "websocket.close"})


sockets = [
    re_path(r"^ws/?$", (LoggedConsumer if settings.LOG_QUERIES else ChatConsumer).as_asgi()),
    re_path(r"", no_such_socket),  # type: ignore[arg-type]  # Django's types know only views
]
chat_and_pages = ProtocolTypeRouter({"http": http, "websocket": URLRouter(sockets)})


async def routed(scope: Any, receive: Any, send: Any) -> None:
    """Everything that is served; the first connection sets going what this process does of itself."""
    chores.begin()
    deliverer.start()
    await chat_and_pages(scope, receive, send)


application = ProxyHeadersMiddleware(routed, settings.TRUSTED_PROXIES)
"""Who the client is, and whether it came over TLS, is what trusted proxies say that are in between."""

garbage.keep_what_is_loaded()
