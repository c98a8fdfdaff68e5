"""`manage.py runserver`: daphne, on HOST and PORT of the settings."""

from typing import Any

from daphne.management.commands.runserver import Command as DaphneCommand
from daphne.server import Server
from django.conf import settings
from django.core.management.base import CommandParser

LARGEST_MESSAGE = 1024 * 1024
"""Bytes that daphne reads at most; the protocol's own limit answers in words and is far below."""


class ChatServer(Server):  # type: ignore[misc]  # daphne has no types
    """daphne without its limit of a day for a socket, and with pings that a client's 50 seconds never miss."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(
            *args,
            **{
                **options,
                "websocket_timeout": -1,
                "ping_interval": 30,
                "ping_timeout": 60,
                "websocket_max_message_size": LARGEST_MESSAGE,
                "websocket_max_frame_size": LARGEST_MESSAGE,
            },
        )


class Command(DaphneCommand):  # type: ignore[misc]
    """With DEBUG on it starts again by itself when the code changes."""

    default_addr = settings.HOST
    default_port = str(settings.PORT)
    server_cls = ChatServer

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(use_reloader=settings.DEBUG)
