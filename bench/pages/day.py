"""Two weeks of some shops, made up: what the first page of the admin shows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from accounts.directory import AccountRef
from accounts.lifecycle import create_account
from accounts.models import App
from chat import message_ids
from chat.drafts import Draft
from chat.figures import clock
from chat.figures.following import counter
from chat.messages import store
from chat.models import Remark
from chat.protocol.bodies import text_body
from robots.models import Shop

SHOPS = ("清风女装旗舰店", "小鹿母婴", "山野户外")
CUSTOMERS = 400
DAYS = 14
TALKS = (1, 1, 0, 0, 0, 1, 2, 4, 8, 14, 18, 16, 12, 13, 15, 16, 15, 13, 14, 19, 24, 22, 12, 5)
"""About so many begin with each shop in each hour of a day."""
REMARKS = {Remark.ANSWER: 7, Remark.MENU: 2, Remark.FALLBACK: 2}
"""How often a robot says what."""


def tell(app: App) -> None:
    """The days before today, and today until now, all of it counted."""
    _count()  # begins now, for later it would look no further back than yesterday
    chance = Random(7)  # noqa: S311  (talks are made up)
    named = [create_account(app=app, name=f"customer{n}", password="", nickname=f"顾客 {n}") for n in range(CUSTOMERS)]
    customers = [AccountRef.of(account) for account in named]
    said: list[tuple[datetime, Draft]] = []
    for number, name in enumerate(SHOPS, start=101):
        account = create_account(app=app, name=f"shop{number}", password="", nickname=name)
        Shop.objects.create(app=app, number=number, account=account, name=name)
        for hour, talks in _hours():
            for _ in range(chance.randint(talks // 2, talks + 1)):
                at = hour + timedelta(seconds=chance.randrange(3600))
                said += _talk(chance, at, chance.choice(customers), AccountRef.of(account))
    now = timezone.now()
    with transaction.atomic():
        for at, draft in sorted(said, key=lambda each: each[0]):
            if at < now:
                store([draft], at=at)
    _count()


def _count() -> None:
    """All of it, beside the server, which is at it, too."""
    counter.follow()
    while (progress := counter.progress()) is None or progress.done_up_to < message_ids.newest():
        counter.follow()


def _hours() -> Iterator[tuple[datetime, int]]:
    for back in range(DAYS, -1, -1):
        day = clock.today() - timedelta(days=back)
        yield from zip(clock.hours_of(day), TALKS, strict=False)


def _talk(chance: Random, at: datetime, customer: AccountRef, shop: AccountRef) -> Iterator[tuple[datetime, Draft]]:
    body = text_body("…")
    question = Draft(customer, shop, body.json, body.preview)
    yield at, question
    if chance.random() < 0.6:
        (remark,) = chance.choices(list(REMARKS), list(REMARKS.values()))
        at += timedelta(seconds=2)
        yield at, Draft(shop, customer, body.json, body.preview, robot=remark)
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        at += timedelta(seconds=chance.lognormvariate(4, 1))
        yield at, Draft(shop, customer, body.json, body.preview)
        at += timedelta(seconds=chance.lognormvariate(3, 1))
        yield at, Draft(customer, shop, body.json, body.preview)
