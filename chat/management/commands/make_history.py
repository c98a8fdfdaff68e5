"""`manage.py make_history`: a database as full as one likes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Account
from chat import made_history
from chat.demo import APPID, PASSWORD


class Command(BaseCommand):
    """About a minute for a million messages. Sockets hear nothing of them."""

    help = "Fill the database with made-up conversations of one account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--account", required=True, help="whose conversations they are")
        parser.add_argument("--conversations", type=int, required=True, help="with how many made-up accounts")
        parser.add_argument("--messages", type=int, required=True, help="how many in all")
        parser.add_argument("--appid", default=APPID, help="the account's app (default: the demo app)")
        parser.add_argument("--password", default=PASSWORD, help="of the made-up accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        account = Account.objects.filter(app__appid=options["appid"], name=options["account"]).first()
        if account is None:
            raise CommandError(f"there is no account {options['account']} in the app {options['appid']}")
        conversations, messages = options["conversations"], options["messages"]
        if conversations < 1 or messages < conversations:
            raise CommandError("there must be at least one conversation, and a message for each")
        stored = 0
        for stored in made_history.make(
            account=account, conversations=conversations, messages=messages, password=options["password"]
        ):
            if options["verbosity"] > 1 or stored % 100_000 == 0:
                self.stdout.write(f"{stored} of {messages}")
        self.stdout.write(f"{account.name} has {stored} messages more, in {conversations} conversations")
