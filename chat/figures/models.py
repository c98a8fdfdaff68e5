"""What is kept of what was counted: small rows by hour and by day, and talks that may go on."""

from typing import ClassVar

from django.db import models

from accounts.models import Account
from robots.models import Shop


def _shop() -> "models.ForeignKey[Shop, Shop]":
    """A shop, or one that was deleted since: what it did that day stays, and is forgotten with the day."""
    return models.ForeignKey(Shop, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)


class ShopHour(models.Model):
    """What was written to a shop and by it within an hour, and what came of the talks that customers began in it."""

    APP = "shop__app"
    shop = _shop()
    hour = models.DateTimeField(help_text="When the hour begins.")
    customers = models.PositiveIntegerField(help_text="Messages of customers.")
    people = models.PositiveIntegerField(help_text="Messages of the shop's people, or of the app's own server.")
    answers = models.PositiveIntegerField(help_text="What the robot said, by kind.")
    menus = models.PositiveIntegerField()
    fallbacks = models.PositiveIntegerField()
    handovers = models.PositiveIntegerField()
    talks = models.PositiveIntegerField(help_text="Talks in which a customer asked, by the hour of the first question.")
    answered = models.PositiveIntegerField(help_text="Those of them that a person has answered, or the robot.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hour", "shop"], name="one_row_of_a_shops_hour")]


class OtherHour(models.Model):
    """What was written within an hour without a shop."""

    hour = models.DateTimeField(primary_key=True, help_text="When the hour begins.")
    customers = models.PositiveIntegerField(help_text="Messages of customers to each other.")
    notifications = models.PositiveIntegerField()


class FirstAnswers(models.Model):
    """How many customers of a day got a person's first answer after about the same time."""

    APP = "shop__app"
    shop = _shop()
    day = models.DateField(help_text="On which they asked.")
    span = models.PositiveSmallIntegerField(help_text="The time, as `chat.figures.spans` has it.")
    number = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "shop", "span"], name="one_row_of_a_days_first_answers")
        ]


class OpenTalk(models.Model):
    """A talk that the next message may belong to."""

    APP = "shop__app"
    shop = _shop()
    customer = models.ForeignKey(Account, models.CASCADE, related_name="+")
    last_at = models.DateTimeField(db_index=True, help_text="When something was written in it last.")
    asked_at = models.DateTimeField(null=True, help_text="When the customer wrote first.")
    answered = models.BooleanField(help_text="Whether a person has answered since, or the robot.")
    answered_by_person = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "customer"], name="one_open_talk_of_a_customer")
        ]
