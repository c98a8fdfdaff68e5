"""`manage.py load_demo`: data to try the chat with."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat import demo


class Command(BaseCommand):
    """May be run as often as one likes."""

    help = "Load the demo app: accounts, a shop with a robot, a few conversations, and an admin user."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-debug", action="store_true", help="do nothing, without complaint, when DEBUG is off")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and options["if_debug"]:
            return
        if not settings.DEBUG:
            raise CommandError("there is no demo data with DEBUG off: its passwords are known to everybody")
        demo.load()
        place = f"{settings.HOST}:{settings.PORT}"
        self.stdout.write(f"Open      http://{place}/")
        self.stdout.write(f"Admin     http://{place}/admin/  as {demo.ADMIN}, password {demo.ADMIN_PASSWORD}")
        self.stdout.write(f"Socket    ws://{place}/ws  appid {demo.APPID}")
        self.stdout.write(
            f"Accounts  {' '.join(demo.PEOPLE)} and the shop {demo.SHOP_ACCOUNT}, password {demo.PASSWORD}"
        )
