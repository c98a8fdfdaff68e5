"""`manage.py sweep_uploads`: remove what was uploaded and never sent."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from chat.uploads.sweeping import sweep


class Command(BaseCommand):
    """The server does the same every hour, unless `UPLOAD_KEEP_UNUSED_HOURS` is 0."""

    help = "Remove uploads that no message has named."

    def add_arguments(self, parser: CommandParser) -> None:
        hours = settings.UPLOAD_KEEP_UNUSED_HOURS or 24
        parser.add_argument("--hours", type=int, default=hours, help=f"how old they must be (default: {hours})")

    def handle(self, *args: Any, **options: Any) -> None:
        count = sweep(timedelta(hours=options["hours"]))
        self.stdout.write(f"{count} unused uploads removed")
