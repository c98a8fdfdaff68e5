"""`manage.py runserver`: daphne, on HOST and PORT of the settings."""

from daphne.management.commands.runserver import Command as DaphneCommand
from django.conf import settings
from django.core.management.base import CommandParser

from chat.servers.daphne_server import ChatServer


class Command(DaphneCommand):  # type: ignore[misc]
    """With DEBUG on it starts again by itself when the code changes."""

    default_addr = settings.HOST
    default_port = str(settings.PORT)
    server_cls = ChatServer

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        # Static files come from `chatproject.static_files` also while they are worked on.
        parser.set_defaults(use_reloader=settings.DEBUG, use_static_handler=False)
