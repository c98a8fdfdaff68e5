"""Enters messages into the index of the search, which serving processes do as well, beside their work."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from chat import message_ids
from chat.afterwards.models import Progress
from chat.searching.following import NAME, indexer

MANY = 5000
"""Messages of one transaction, where nobody waits."""


class Command(BaseCommand):
    help = "Enter all messages into the index of the search. It can be ended at any time, and goes on from there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="empty the index first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["anew"]:
            with transaction.atomic(), connection.cursor() as cursor:
                Progress.objects.filter(name=NAME).delete()
                cursor.execute("DELETE FROM chat_search")
        shown = -1
        while indexer.follow(MANY):
            progress = indexer.progress()
            share = 100 * progress.done_up_to // max(message_ids.newest(), 1) if progress else 0
            if share != shown:
                self.stdout.write(f"{share} %")
                shown = share
        self.stdout.write(self.style.SUCCESS("All messages are in the index."))
