"""`manage.py write_asyncapi`: the AsyncAPI document, for `docs/`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from chat.protocol.asyncapi import document


class Command(BaseCommand):
    help = "Write docs/asyncapi.json from the code."

    def handle(self, *args: Any, **options: Any) -> None:
        Path(settings.BASE_DIR, "docs", "asyncapi.json").write_bytes(document())
