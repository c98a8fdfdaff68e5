"""What daphne and uvicorn serve: pages over HTTP, the chat over one WebSocket."""

import os
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
pages = get_asgi_application()

from chat.consumer import ChatConsumer  # noqa: E402  (models load only after Django is set up)
from chatproject.embedded import claim  # noqa: E402

claim()


async def no_such_socket(scope: Any, receive: Any, send: Any) -> None:
    """Refuse WebSockets on any other path."""
    await receive()
    await send({"type": "websocket.close"})


sockets = [
    re_path(r"^ws/?$", ChatConsumer.as_asgi()),
    re_path(r"", no_such_socket),  # type: ignore[arg-type]  # Django's types know only views
]
application = ProtocolTypeRouter({"http": pages, "websocket": URLRouter(sockets)})
