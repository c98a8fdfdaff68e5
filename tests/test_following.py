"""Messages are counted some seconds after they were stored, each once, whatever happens meanwhile."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import ClassVar

from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import personal_data
from chat.afterwards.models import Progress
from chat.figures import clock, daily, following
from chat.figures.counting import WAITING
from chat.figures.following import counter
from chat.figures.models import FirstAnswers, OpenTalk, OtherHour, ShopHour
from chat.figures.spans import span_of
from chat.models import Message, Remark
from robots.models import Shop
from tests.case import SocketTest
from tests.client import PATIENCE, a_moment
from tests.figure_case import MINUTE, FigureTest


class Counting(FigureTest):
    def random_talks(self, chance: random.Random) -> list[Message]:
        """Customers and two shops over two days, in steps of all lengths."""
        self.world.shop("dev18", 18, {}, quiet_minutes=5)
        at = clock.begin_of(self.day)
        said = []
        for _ in range(300):
            at += chance.choice((MINUTE / 6, MINUTE, 4 * MINUTE, 20 * MINUTE))
            shop, customer = chance.choice(("dev17", "dev18")), chance.choice(("User1", "User2"))
            if chance.random() < 0.55:
                said.append(self.says(customer, shop, at))
            else:
                said.append(self.says(shop, customer, at, chance.choice((None, None, *Remark))))
        return said

    def brute_force(self, said: list[Message], shop: Shop) -> tuple[int, int, list[float]]:
        """Talks of the day, how many are answered, and the seconds of first answers: looking at one talk at a time."""
        talks, answered, waits = 0, 0, []
        of_shop = [m for m in said if shop.account_id in (m.sender_id, m.recipient_id)]
        for talk in _talks(of_shop, shop):
            asked = [m.created_at for m in talk if m.recipient_id == shop.account_id]
            if not asked or clock.day_of(asked[0]) != self.day:
                continue
            later = talk[[m.recipient_id for m in talk].index(shop.account_id) :]
            people = [m.created_at for m in later if m.sender_id == shop.account_id and m.robot is None]
            talks += 1
            answered += bool(people) or any(m.robot == Remark.ANSWER for m in later)
            waits += [(people[0] - asked[0]).total_seconds()] if people else []
        return talks, answered, waits

    def test_comes_to_what_looking_at_each_talk_comes_to(self) -> None:
        seed = random.randrange(10**9)
        chance = random.Random(seed)
        said = self.random_talks(chance)
        while counter.follow(chance.choice((1, 2, 7, 50))):
            pass
        for each in daily.figures(self.day).shops:
            with self.subTest(seed=seed, shop=each.name):
                talks, answered, waits = self.brute_force(said, Shop.objects.get(pk=each.shop_id))
                numbers = each.numbers
                self.assertEqual((numbers.talks, numbers.answered), (talks, answered))
                self.assertEqual(numbers.spans, Counter(map(span_of, waits)))
                of_day = [m for m in said if clock.day_of(m.created_at) == self.day]
                shop = self.world.get(each.name).pk
                self.assertEqual(numbers.customers, sum(m.recipient_id == shop for m in of_day))
                self.assertEqual(numbers.people, sum(m.sender_id == shop and m.robot is None for m in of_day))
                self.assertEqual(numbers.robots, sum(m.sender_id == shop and m.robot is not None for m in of_day))

    def test_that_broke_off_is_done_again_as_a_whole(self) -> None:
        for minute in range(5):
            self.asks(minute * MINUTE)
        counter.follow()
        with transaction.atomic():
            counter.follow(3)
            transaction.set_rollback(True)
        self.assertEqual((ShopHour.objects.count(), OpenTalk.objects.count()), (0, 0))
        self.assertEqual(self.figures().customers, 5)

    def test_goes_on_with_what_comes_later(self) -> None:
        self.asks(MINUTE)
        self.assertEqual(self.figures().customers, 1)
        self.asks(2 * MINUTE)
        self.assertEqual((self.figures().customers, self.figures().talks), (2, 1))

    def test_begins_with_yesterday(self) -> None:
        yesterday = clock.begin_of(self.day)
        for minute in range(50):
            self.says("User1", "dev17", yesterday - (50 - minute) * MINUTE)
        self.says("User1", "dev17", yesterday)
        self.count_all()
        self.assertEqual(sum(row.customers for row in ShopHour.objects.all()), 1)

    def test_says_until_when_it_has_come(self) -> None:
        self.assertIsNone(daily.figures(self.day).counted_at)
        self.asks(MINUTE)
        counter.follow()
        self.assertIsNone(daily.figures(self.day).counted_at)
        self.count_all()
        counted_at = daily.figures(self.day).counted_at
        assert counted_at is not None
        self.assertLess(timezone.now() - counted_at, MINUTE)


class AStep(FigureTest):
    def queries(self) -> list[str]:
        """The SQL of looking, and of counting what is new."""
        with CaptureQueriesContext(connection) as captured:
            self.count_all(1000)
        return [query["sql"] for query in captured.captured_queries]

    def test_takes_as_many_queries_for_400_messages_as_for_4(self) -> None:
        self.count_all()
        counts = []
        for number in (4, 400):
            customers, shop = [self.world.get("User1"), self.world.get("User2")], self.shop.account
            Message.objects.bulk_create(
                Message(sender=customers[n % 2], recipient=shop, body="{}", created_at=self.noon) for n in range(number)
            )
            counts.append(len(self.queries()))
        self.assertEqual(counts[0], counts[1])

    def test_reads_messages_by_their_ids_alone(self) -> None:
        self.asks(MINUTE)
        reading = [sql for sql in self.queries() if 'FROM "chat_message"' in sql]
        self.assertGreater(len(reading), 2)
        with connection.cursor() as cursor:
            for sql in reading:
                cursor.execute("EXPLAIN QUERY PLAN " + sql)
                for step in cursor.fetchall():
                    self.assertRegex(step[3], "^SEARCH .*(PRIMARY KEY|rowid)|^SEARCH chat_message$")


class WhatIsKept(FigureTest):
    def test_is_a_month_of_figures(self) -> None:
        Progress.objects.create(name="figures", done_up_to=0)
        for days in (32, 31, 30, 0):
            at = clock.begin_of(clock.today() - timedelta(days=days))
            for customer in ("User1", "User2"):
                self.says(customer, "dev17", at)
                self.says("dev17", customer, at)
            self.says("User1", "User2", at)
        self.count_all()
        following.forget()
        kept = [clock.day_of(row.hour) for row in ShopHour.objects.order_by("-hour")]
        self.assertEqual(kept, [clock.today() - timedelta(days=ago) for ago in (0, 30, 31)])
        self.assertEqual((OtherHour.objects.count(), FirstAnswers.objects.count()), (3, 3))

    def test_is_no_trace_of_who_was_erased(self) -> None:
        self.asks(MINUTE)
        self.count_all()
        user = self.world.get("User1")
        for _ in personal_data.erase(user):
            pass
        self.assertFalse(OpenTalk.objects.exists())
        self.says(f"erased-{user.pk}", "dev17", self.noon)
        self.count_all()
        self.assertFalse(OpenTalk.objects.exists())

    def test_is_nothing_of_a_talk_that_is_over_for_sure(self) -> None:
        Progress.objects.create(name="figures", done_up_to=0)
        self.says("User1", "dev17", timezone.now() - WAITING - MINUTE)
        self.says("User2", "dev17", timezone.now() - WAITING + MINUTE)
        self.count_all()
        following.forget()
        self.assertEqual([talk.customer.name for talk in OpenTalk.objects.all()], ["User2"])


class ServerTest(SocketTest):
    """Each process counts when it has the time, all of them the same messages."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.shop = self.world.shop("dev17", 17, {})
        self.world.accounts("User1", "User2")
        self.progress = Progress.objects.using(self.world.alias).filter(name="figures")

    def customers(self) -> int:
        """How many of their messages are counted."""
        hours = ShopHour.objects.using(self.world.alias).filter(shop=self.shop)
        return sum(hours.values_list("customers", flat=True))

    async def until(self, there: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not there():
                await a_moment()

    async def done_up_to(self, message_id: int) -> None:
        await self.until(self.progress.filter(done_up_to__gte=message_id).exists)


class RunningServers(ServerTest):
    async def test_count_each_message_once(self) -> None:
        sockets = [await self.signed_in("User1", server) for server in self.deployment.servers]
        for socket in sockets:
            *_, last = await socket.tell_all("dev17", [str(number) for number in range(50)])
        await self.done_up_to(last)
        self.assertEqual(self.customers(), 50 * len(sockets))


class TwoProcesses(ServerTest):
    deployments: ClassVar[tuple[str, ...]] = ("grown-up",)

    async def test_that_count_the_same_at_once_count_it_once(self) -> None:
        customer = await self.signed_in("User1")
        for server in self.deployment.servers:
            await self.connect(server)
        with transaction.atomic(using=self.world.alias), connections[self.world.alias].cursor() as cursor:
            # The first waits for this table, the second for the first.
            cursor.execute("LOCK TABLE chat_shophour IN SHARE MODE")
            *_, last = await customer.tell_all("dev17", ["在吗", "有人吗"])

            waiting = """SELECT pg_stat_clear_snapshot(), count(*) FROM pg_stat_activity
                WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE %chat_progress%'"""

            def second_waits() -> bool:
                cursor.execute(waiting)
                return bool(cursor.fetchone()[1])

            await self.until(second_waits)
        await self.done_up_to(last)
        # By the time at which this one is counted the second is done, too.
        (after,) = await customer.tell_all("dev17", ["好的"])
        await self.done_up_to(after)
        self.assertEqual(self.customers(), 3)


class AMessageThatIsStoredLate(ServerTest):
    """One of another conversation with a lower id becomes visible after one that is there."""

    deployments: ClassVar[tuple[str, ...]] = ("grown-up",)

    async def test_is_waited_for(self) -> None:
        alias = self.world.alias
        quick, late, keeper = await self.signed_in("User2"), self.world.get("User1"), self.shop.account
        with transaction.atomic(using=alias):
            # Holding the pair is what every writer begins with.
            with connections[alias].cursor() as cursor:
                key = late.pk << 32 ^ keeper.pk
                cursor.execute("INSERT INTO chat_turn (pair, process, number, at) VALUES (%s, '', 0, now())", [key])
            message = Message(sender=late, recipient=keeper, body="{}", created_at=timezone.now())
            message.save(using=alias)
            later = (await quick.tell("dev17", "你好"))["message_id"]
            self.assertGreater(later, message.pk)
            await self.until(self.progress.filter(seen_up_to__gte=later).exists)
        await self.done_up_to(later)
        self.assertEqual(self.customers(), 2)


def _talks(said: list[Message], shop: Shop) -> Iterator[list[Message]]:
    """What each customer and the shop have said, parted where a talk is over."""

    def customer(message: Message) -> int:
        return message.sender_id + message.recipient_id - shop.account_id

    for _, group in groupby(sorted(said, key=lambda m: (customer(m), m.pk)), key=customer):
        talk: list[Message] = []
        for message in group:
            if talk and _is_over(talk, message.created_at, shop):
                yield talk
                talk = []
            talk.append(message)
        yield talk


def _is_over(talk: list[Message], now: datetime, shop: Shop) -> bool:
    if now - talk[-1].created_at < timedelta(minutes=shop.quiet_minutes):
        return False
    senders = [(message.sender_id == shop.account_id, message.robot) for message in talk]
    if (False, None) not in senders:
        return True
    return any(said in senders[senders.index((False, None)) :] for said in ((True, None), (True, Remark.ANSWER)))
