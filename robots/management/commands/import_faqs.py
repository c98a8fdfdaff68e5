"""`manage.py import_faqs`: a shop's questions from a table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from robots import importing, tables
from robots.models import Shop
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
            take = importing.compared if options["only_look"] else importing.imported
            outcome = take(shop, table, remove=options["remove"])
        except (OSError, Unreadable) as error:
            raise CommandError(str(error)) from error
        for line in outcome.errors:
            self.stderr.write(f"Row {line.number}: {' '.join(line.errors)}")
        if outcome.errors:
            raise CommandError("Nothing was changed.")
        counts = f"{outcome.count('new')} new, {outcome.count('update')} changed, {outcome.count('skip')} as they were"
        self.stdout.write(f"{shop}: {counts}, {len(outcome.removed)} removed.")


def _content(file: Path) -> bytes:
    """What the file holds, as far as any is read."""
    with file.open("rb") as opened:
        return opened.read(tables.LARGEST_FILE + 1)
