"""`manage.py import_faqs`: a shop's questions from a table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from robots import tables
from robots.models import Shop
from robots.resources import FaqResource
from robots.rows import Unreadable


class Command(BaseCommand):
    help = "Give a shop the questions of a CSV or Excel file: all of them, or none if a row has errors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="A .csv or .xlsx file with the columns of an export.")
        parser.add_argument("--shop", type=int, required=True, help="The shop's number, as on its page and in shop_id.")
        parser.add_argument("--app", help="The appid of its app, where shops of several apps have that number.")
        parser.add_argument("--remove", action="store_true", help="Remove questions that the file has not.")
        parser.add_argument("--only-look", action="store_true", help="Say what would change, and change nothing.")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help=f"In which to say what came of it; {settings.LANGUAGE_CODE} if not given.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["language"]):
            shop = _shop(options["shop"], options["app"])
            self._import(options["file"], shop, options["remove"], options["only_look"])

    def _import(self, file: Path, shop: Shop, remove: bool, only_look: bool) -> None:
        try:
            table = tables.read(file.name, _content(file))
            result = FaqResource(shop, remove=remove).import_data(table, dry_run=only_look)
        except OSError as error:
            raise CommandError(_("%(file)s can't be read.") % {"file": file}) from error
        except Unreadable as error:
            raise CommandError(str(error)) from error
        for row in result:
            if row.is_invalid():
                self.stderr.write(" ".join([_("Row %(number)s:") % {"number": row.number}, *row.faults]))
        if result.has_validation_errors():
            raise CommandError(_("Nothing was changed."))
        kinds = {"new": "new", "changed": "update", "same": "skip", "removed": "delete"}
        counts = {name: result.totals[kind] for name, kind in kinds.items()}
        said = _("%(new)d new, %(changed)d changed, %(same)d as they were, %(removed)d removed.") % counts
        self.stdout.write(f"{shop.name} ({shop.app.name}, {shop.number}): {said}")


def _shop(number: int, appid: str | None) -> Shop:
    """The shop of that number. Each app may have one."""
    shops = Shop.objects.filter(number=number).select_related("app").order_by("pk")
    found = list(shops.filter(app__appid=appid) if appid else shops)
    if not found:
        raise CommandError(_("There is no shop of the number %(number)d.") % {"number": number})
    if len(found) > 1:
        apps = "\n".join(f"--app {shop.app.appid}  {shop.app.name}: {shop.name}" for shop in found)
        raise CommandError("\n".join([_("Shops of several apps have this number. Say which one is meant:"), apps]))
    return found[0]


def _content(file: Path) -> bytes:
    """What the file holds, as far as any is read."""
    with file.open("rb") as opened:
        return opened.read(tables.LARGEST_FILE + 1)
