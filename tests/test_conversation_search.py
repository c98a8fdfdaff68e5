"""The search in one conversation: from the index of all messages, for what two accounts said to each other."""

import json
import random
import re
from typing import ClassVar

from django.db import connection, connections, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from chat.messages import between
from chat.searching import finding, index
from chat.searching.finding import Found, find_between
from chat.searching.pieces import of_account, pieces, plain
from tests.case import SocketTest, text
from tests.routing import Everywhere
from tests.test_searching import LETTERS, SearchTest


class BetweenTwo(SearchTest):
    def between(self, wanted: str, below: int | None = None, limit: int = 1000) -> Found:
        one, two = self.world.get("User1").pk, self.world.get("User2").pk
        return find_between(between(one, two), (one, two), wanted, below=below, limit=limit)

    def contents(self, wanted: str) -> list[str]:
        return [json.loads(message.body)["content"] for message in self.between(wanted).messages]

    def test_is_found_what_looking_at_each_message_finds(self) -> None:
        seed = random.randrange(10**9)
        chance = random.Random(seed)
        said: list[str] = []
        for number in range(200):
            content = "".join(chance.choices(LETTERS, k=chance.randrange(12)))
            sender, recipient = chance.choice([("User1", "User2"), ("User2", "User1"), ("User1", "dev17")])
            self.say(content, sender=sender, recipient=recipient)
            said += [content] if recipient != "dev17" else []
            if number == 150:
                self.enter_all(chance.choice((1, 7, 100)))
        for _ in range(60):
            wanted = "".join(chance.choices(LETTERS[:-2], k=chance.randrange(1, 4)))
            with self.subTest(seed=seed, wanted=wanted):
                there = [content for content in reversed(said) if plain(wanted) in plain(content)]
                self.assertEqual(self.contents(wanted), there)

    def test_makes_neither_width_nor_case_nor_order_any_difference(self) -> None:
        self.say("订单 ＤＺ２０２４，顺丰还是圆通？")
        self.enter_all()
        for wanted in ("dz2024", "圆通 顺丰", "ｄＺ２０", "顺"):
            self.assertEqual(len(self.contents(wanted)), 1, wanted)
        self.assertEqual(self.contents("顺丰 中通"), [])

    def test_is_found_behind_however_many_others(self) -> None:
        self.say("改地址的事")
        self.say_much("在吗", finding.MOST_LOOKED_AT + finding.AT_ONCE)
        self.enter_all(1000)
        with CaptureQueriesContext(connection) as captured:
            found = self.between("地址")
        self.assertEqual(([message.pk for message in found.messages], found.below), ([1], None))
        self.assertLessEqual(len(captured), 6)

    def test_is_looked_for_in_steps_where_the_index_does_not_help(self) -> None:
        self.say("改地址的事")
        self.say_much("在吗", finding.MOST_LOOKED_AT + finding.AT_ONCE)
        for entered, wanted in ((False, "地址"), (True, "址")):
            if entered:
                self.enter_all(1000)
            with self.subTest(wanted), CaptureQueriesContext(connection) as captured:
                first = self.between(wanted)
                self.assertEqual((first.messages, first.stopped), ([], True))
                self.assertEqual([message.pk for message in self.between(wanted, first.below).messages], [1])
            self.assertLessEqual(len(captured), finding.MOST_LOOKED_AT // finding.AT_ONCE + 8)


class ThePage(SearchTest):
    def setUp(self) -> None:
        super().setUp()
        (self.oldest,) = self.say("在吗，改地址", recipient="dev17")
        self.path = f"/admin/chat/conversation/{self.world.view('dev17', 'User1').pk}/talk/"

    def test_leads_to_each_message_in_its_place(self) -> None:
        self.enter_all()
        page = self.page(f"{self.path}?q=地址")
        self.assertIn("在吗，改<mark>地址</mark>", page)
        place = f"at={self.oldest.pk}&amp;q=%E5%9C%B0%E5%9D%80#m{self.oldest.pk}"
        self.assertIn(f'href="{self.path}?{place}"', page)

    def test_marks_words_of_another_width(self) -> None:
        self.say("订单ＤＺ２０２４㎏呢", recipient="dev17")
        self.assertIn("订单<mark>ＤＺ２０２４㎏</mark>呢", self.page(f"{self.path}?q=dz2024k"))

    def test_goes_on_to_older_ones(self) -> None:
        self.say(*["好的"] * 61, recipient="dev17")
        counts, path = [], f"{self.path}?q=好的"
        while path:
            page = self.page(path)
            counts.append(page.count("<mark>"))
            older = re.search(r'href="(\?q=[^"]+below=\d+)"', page)
            path = self.path + older[1].replace("&amp;", "&") if older else ""
        self.assertEqual(counts, [30, 30, 1])

    def test_says_where_it_stopped_and_goes_on_from_there(self) -> None:
        self.say_much("嗯嗯", finding.MOST_LOOKED_AT, recipient="dev17")
        page = self.page(f"{self.path}?q=址")
        self.assertIn("has looked at 3000 messages", page)
        self.assertIn("Nothing among the messages that were looked at.", page)
        older = re.search(r'href="(\?q=[^"]+below=\d+)"', page)
        assert older is not None
        self.assertEqual(self.page(self.path + older[1].replace("&amp;", "&")).count("<mark>"), 1)


class ItsPlans(SocketTest):
    deployments: ClassVar[tuple[str, ...]] = ("daphne", "grown-up")

    async def test_read_indexes_and_no_table(self) -> None:
        self.world.accounts("User1", "User2")
        message = self.world.said("User1", "User2", text("改地址的事"))
        both = self.world.get("User1").pk, self.world.get("User2").pk
        alias = self.world.alias
        there = connections[alias]
        with override_settings(DATABASE_ROUTERS=[Everywhere(alias)]), transaction.atomic(using=alias):
            has = pieces("改地址的事").union(map(of_account, both))
            index.add({message.pk: index.digests(message.pk, has)})
            with CaptureQueriesContext(there) as captured:
                for wanted in ("地址", "址"):
                    self.assertEqual(len(find_between(between(*both), both, wanted, below=None, limit=9).messages), 1)
            plans = "\n".join(self.plan(query["sql"]) for query in captured.captured_queries)
            transaction.set_rollback(True, using=alias)
        self.assertIn("message_pair", plans)
        self.assertIn("chat_search", plans)
        self.assertNotRegex(plans, r"SCAN chat_message|Seq Scan on chat_(message|search)")

    def plan(self, sql: str) -> str:
        with connections[self.world.alias].cursor() as cursor:
            if cursor.db.vendor == "postgresql":
                # So little lies there that PostgreSQL would read all of it, if it may.
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute("EXPLAIN " + sql)
                return "\n".join(row[0] for row in cursor.fetchall())
            cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
            return "\n".join(row[3] for row in cursor.fetchall())
