"""Talks with a shop as they lie in the database, and what is counted of them."""

from datetime import datetime, timedelta

from django.test import TestCase

from chat.figures import clock, daily
from chat.figures.daily import Numbers
from chat.figures.following import counter
from chat.models import Message, Remark
from tests.world import World

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class FigureTest(TestCase):
    """The day in question is yesterday; times are given from its noon on the server's clock."""

    def setUp(self) -> None:
        self.world = World("default")
        self.shop = self.world.shop("dev17", 17, {})
        self.world.accounts("User1", "User2")
        self.day = clock.today() - timedelta(days=1)
        self.noon = clock.begin_of(self.day) + 12 * HOUR

    def says(self, sender: str, recipient: str, at: datetime, robot: Remark | None = None) -> Message:
        message = Message(sender=self.world.get(sender), recipient=self.world.get(recipient), body="{}", robot=robot)
        message.created_at = at
        message.save()
        return message

    def asks(self, after: timedelta, customer: str = "User1") -> None:
        self.says(customer, "dev17", self.noon + after)

    def answers(self, after: timedelta, robot: Remark | None = None) -> None:
        self.says("dev17", "User1", self.noon + after, robot)

    def count_all(self, most: int = counter.step) -> None:
        while counter.follow(most):
            pass

    def figures(self) -> Numbers:
        self.count_all()
        return daily.figures(self.day).whole
