"""`manage.py create_test_accounts`: many accounts at once, for load tests and trying things out."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.lifecycle import create_test_accounts, is_of_erased
from accounts.models import App

DEMO_APPID = "af8e2f0dbadb617bda145c84c1"


class Command(BaseCommand):
    """Makes PREFIX0, PREFIX1 … in one app; those that exist already are left alone."""

    help = "Create many test accounts that share one password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prefix", required=True, help="what the accounts' names begin with")
        parser.add_argument("--count", type=int, required=True, help="how many, numbered from 0")
        parser.add_argument("--password", required=True)
        parser.add_argument("--appid", default=DEMO_APPID, help="the app that they belong to (default: the demo app)")

    def handle(self, *args: Any, **options: Any) -> None:
        app = App.objects.filter(appid=options["appid"]).first()
        if app is None:
            raise CommandError(f"no app has the appid {options['appid']}; load_demo makes the demo app")
        if options["count"] < 1:
            raise CommandError("--count must be at least 1")
        if is_of_erased(f"{options['prefix']}0"):
            raise CommandError("erased accounts are called so")
        made = create_test_accounts(
            app=app, prefix=options["prefix"], count=options["count"], password=options["password"]
        )
        self.stdout.write(f"{made} accounts made, {options['count'] - made} existed already")
