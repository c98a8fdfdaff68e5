"""`manage.py write_openapi`: the OpenAPI document, for `docs/`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.api.openapi import document


class Command(BaseCommand):
    help = "Write docs/openapi.json from the code."

    def handle(self, *args: Any, **options: Any) -> None:
        Path(settings.BASE_DIR, "docs", "openapi.json").write_bytes(document())
