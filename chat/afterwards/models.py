"""How far those have come who follow the messages."""

from django.db import models


class Progress(models.Model):
    """One row for each of them."""

    name = models.CharField(max_length=20, primary_key=True, help_text="What is done with the messages.")
    done_up_to = models.BigIntegerField(help_text="With messages up to this id it is done.")
    seen_up_to = models.BigIntegerField(default=0, help_text="The newest id as somebody looked last.")
    seen_at = models.DateTimeField(null=True, help_text="When that was.")
    horizon = models.BigIntegerField(
        default=0,
        help_text="Of PostgreSQL's transactions those below may still bring ids up to the newest that was seen.",
    )
