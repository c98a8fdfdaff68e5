"""`manage.py import_faqs`: a shop's questions from a table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from robots import tables
from robots.models import Shop
from robots.resources import FaqResource
from robots.rows import Unreadable


class Command(BaseCommand):
    help = "Give a shop the questions of a CSV or Excel file: all of them, or none if a row has errors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="A .csv or .xlsx file with the columns of an export.")
        parser.add_argument("--shop", type=int, required=True, help="The shop's id in the admin.")
        parser.add_argument("--remove", action="store_true", help="Remove questions that the file has not.")
        parser.add_argument("--only-look", action="store_true", help="Say what would change, and change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        shop = Shop.objects.filter(pk=options["shop"]).first()
        if shop is None:
            raise CommandError(f"There is no shop with the id {options['shop']}.")
        file: Path = options["file"]
        try:
            table = tables.read(file.name, _content(file))
            result = FaqResource(shop, remove=options["remove"]).import_data(table, dry_run=options["only_look"])
        except (OSError, Unreadable) as error:
            raise CommandError(str(error)) from error
        for row in result:
            if row.is_invalid():
                self.stderr.write(f"Row {row.number}: {' '.join(row.faults)}")
        if result.has_validation_errors():
            raise CommandError("Nothing was changed.")
        new, changed, same, removed = (result.totals[kind] for kind in ("new", "update", "skip", "delete"))
        self.stdout.write(f"{shop}: {new} new, {changed} changed, {same} as they were, {removed} removed.")


def _content(file: Path) -> bytes:
    """What the file holds, as far as any is read."""
    with file.open("rb") as opened:
        return opened.read(tables.LARGEST_FILE + 1)
