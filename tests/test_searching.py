"""The search in all messages finds what is there, whatever was done with the messages meanwhile."""

import json
import random
import re
from copy import copy
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import connection
from django.test import SimpleTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.directory import AccountRef
from accounts.models import Account
from chat import personal_data
from chat.afterwards.models import Progress
from chat.figures import clock
from chat.models import Message
from chat.recalls import recall
from chat.searching import finding
from chat.searching.finding import Found, TooShortError, find
from chat.searching.following import indexer
from chat.searching.pieces import pieces, plain, sought
from robots.models import Membership
from tests.admin_case import AdminTest
from tests.case import text

PAGE = "/admin/chat/message/find/"
LETTERS = "快递发货到了ab1Ａ。 "


class Pieces(SimpleTestCase):
    def test_of_what_is_sought_are_among_those_of_whatever_has_it(self) -> None:
        seed = random.randrange(10**9)
        chance = random.Random(seed)
        for _ in range(3000):
            whole = plain("".join(chance.choices(LETTERS, k=chance.randrange(20))))
            at, length = chance.randrange(20), chance.randrange(2, 8)
            with self.subTest(seed=seed, whole=whole):
                self.assertLessEqual(sought(whole[at : at + length]), pieces(whole))

    def test_say_as_much_as_they_can(self) -> None:
        self.assertEqual(sought("快递"), {"快递"})
        self.assertEqual(sought("dz2024"), {"dz2", "z20", "202", "024"})
        self.assertEqual(sought("a货b1c"), {"a货", "货b", "b1c"})
        self.assertEqual(sought("好 a 1"), set())


class SearchTest(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.world.accounts("User1", "User2")
        self.world.shop("dev17", 17, {})
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM chat_search")

    def say(self, *contents: str, sender: str = "User1", recipient: str = "User2") -> list[Message]:
        return [self.world.said(sender, recipient, text(content)) for content in contents]

    def say_much(self, content: str, count: int, recipient: str = "User2") -> None:
        """User1 says it, so many times."""
        one, two = self.world.get("User1"), self.world.get(recipient)
        said = Message(sender=one, recipient=two, body=json.dumps(text(content)), created_at=timezone.now())
        Message.objects.bulk_create([copy(said) for _ in range(count)])

    def enter_all(self, most: int | None = None) -> None:
        while indexer.follow(most):
            pass

    def found(self, wanted: str, below: int | None = None, limit: int = 1000) -> list[str]:
        return [json.loads(message.body)["content"] for message in self.find(wanted, below, limit).messages]

    def find(self, wanted: str, below: int | None = None, limit: int = 1000) -> Found:
        return find(Message.objects.all(), wanted, below=below, limit=limit)


class TheSearch(SearchTest):
    def test_finds_what_looking_at_each_message_finds(self) -> None:
        seed = random.randrange(10**9)
        chance = random.Random(seed)
        contents = ["".join(chance.choices(LETTERS, k=chance.randrange(12))) for _ in range(200)]
        self.say(*contents[:150])
        self.enter_all(chance.choice((1, 7, 100)))
        self.say(*contents[150:])
        for _ in range(60):
            wanted = "".join(chance.choices(LETTERS[:-2], k=chance.randrange(2, 4)))
            with self.subTest(seed=seed, wanted=wanted):
                there = [content for content in reversed(contents) if plain(wanted) in plain(content)]
                self.assertEqual(self.found(wanted), there)

    def test_goes_on_page_by_page_while_new_ones_come(self) -> None:
        contents = [f"发货了 {number}" for number in range(25)]
        self.say(*contents)
        self.enter_all()
        seen, below = [], None
        while True:
            page = self.find("发货", below, 10)
            seen += [json.loads(message.body)["content"] for message in page.messages]
            below = page.below
            if below is None:
                break
            self.say("发货 later")
        self.assertEqual(seen, contents[::-1])

    def test_needs_two_letters_in_a_row(self) -> None:
        for wanted in ("货", "a", "。。", "好 a"):
            with self.assertRaises(TooShortError):
                self.find(wanted)

    def test_finds_each_word_wherever_it_stands(self) -> None:
        self.say("顺丰还是圆通，哪个发货快")
        self.enter_all()
        self.assertEqual(len(self.found("发货 顺丰")), 1)
        self.assertEqual(self.found("发货 中通"), [])

    def test_finds_cards_and_no_addresses_of_types(self) -> None:
        goods = {"type": "goods", "data": {"title": "纯棉衬衫 XL", "price": 99}}
        self.world.said("User1", "User2", goods)
        self.enter_all()
        found = self.find("棉衬").messages + self.find("xl").messages
        self.assertEqual(len(found), 2)
        with self.assertRaises(TooShortError):
            self.find("x")
        self.assertEqual(self.find("goods").messages, [])

    def test_finds_no_file_by_its_address(self) -> None:
        self.world.said("User1", "User2", {"type": "img", "content": "/media/2026/img/abcd.jpg"})
        self.world.said(
            "User1", "User2", {"type": "goods", "data": {"title": "杯子", "image": "https://a.example/abcd"}}
        )
        self.enter_all()
        found = [self.find(wanted).messages for wanted in ("abcd", "img", "media", "goods", "杯子")]
        self.assertEqual([len(messages) for messages in found], [0, 0, 0, 0, 1])

    def test_stops_after_many_that_are_not_ones_own_and_goes_on(self) -> None:
        self.say("发货 mine", recipient="dev17")
        self.say_much("发货", finding.MOST_LOOKED_AT + 5)
        self.enter_all(1000)
        shop = Account.objects.filter(name="dev17", app=self.world.app)
        first = find(Message.objects.filter(recipient__in=shop), "发货", below=None, limit=5)
        self.assertEqual((first.messages, first.stopped), ([], True))
        second = find(Message.objects.filter(recipient__in=shop), "发货", below=first.below, limit=5)
        self.assertEqual(len(second.messages), 1)

    def test_looks_only_at_what_the_accounts_said_or_were_told_that_are_named(self) -> None:
        self.say("发货 一", recipient="dev17")
        self.say("发货 二", sender="dev17", recipient="User2")
        self.say_much("发货", finding.MOST_LOOKED_AT + 5)
        self.enter_all(1000)
        whose = [self.world.get(name).pk for name in ("dev17", "User2")]
        rows = Message.objects.filter(sender__name="dev17") | Message.objects.filter(recipient__name="dev17")
        for named, stopped in ((whose[:1], False), (None, True)):
            with self.subTest(named):
                found = find(rows, "发货", whose=named, below=None, limit=10)
                self.assertEqual((len(found.messages), found.stopped), (0 if stopped else 2, stopped))

    def test_takes_one_question_to_the_index_for_however_many_accounts(self) -> None:
        self.say("发货 一", recipient="dev17")
        self.say("发货 二", sender="dev17")
        self.say("发货 三")
        self.enter_all()
        whose = [self.world.get("dev17").pk, *range(10**6, 10**6 + 2000)]
        with CaptureQueriesContext(connection) as captured:
            found = find(Message.objects.all(), "发货", whose=whose, below=None, limit=10)
        self.assertEqual([json.loads(message.body)["content"] for message in found.messages], ["发货 二", "发货 一"])
        self.assertEqual(sum("chat_search" in query["sql"] for query in captured.captured_queries), 1)
        self.assertEqual(find(Message.objects.all(), "发货", whose=[], below=None, limit=10).messages, [])

    def test_says_how_many_are_not_entered_yet(self) -> None:
        self.assertEqual(finding.not_entered(), 0)
        (first,) = self.say("发货")
        Progress.objects.update_or_create(name="search", defaults={"done_up_to": first.pk - 3000})
        self.assertEqual(finding.not_entered(), 3000)
        self.assertIn("3000 messages are not searched yet", self.page(PAGE))


class WhatIsGone(SearchTest):
    def left(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM chat_search")
            number: int = cursor.fetchone()[0]
            return number

    def test_is_not_found_nor_kept_if_it_was_taken_back(self) -> None:
        message, _other = self.say("发货地址", "别的")
        self.enter_all()
        one, two = (AccountRef.of(self.world.get(name)) for name in ("User1", "User2"))
        recall(sender=one, recipient=two, message_id=message.pk, within=None, body="{}", preview="-")
        self.assertEqual((self.found("发货"), self.left()), ([], 1))

    def test_is_not_entered_if_it_was_taken_back_before(self) -> None:
        (message,) = self.say("发货地址")
        Message.objects.update(recalled_at=message.created_at)
        self.enter_all()
        self.assertEqual((self.found("发货"), self.left()), ([], 0))

    def test_is_not_kept_if_a_person_was_erased(self) -> None:
        self.say("发货地址", "好的")
        self.say("别人的", sender="dev17")
        self.enter_all()
        for change in personal_data.erase(self.world.get("User1")):
            change.work()
        self.assertEqual((self.found("发货"), self.found("别人"), self.left()), ([], ["别人的"], 1))


class ThePage(SearchTest):
    def test_shows_what_is_said_around_the_words_as_text_and_leads_there(self) -> None:
        (message,) = self.say("<b>请问</b>什么时候发货呀", recipient="dev17")
        self.enter_all()
        page = self.page(f"{PAGE}?q=发货")
        self.assertIn("&lt;b&gt;请问&lt;/b&gt;什么时候<mark>发货</mark>呀", page)
        link = re.search(r'href="(/admin/chat/conversation/\d+/talk/\?at=\d+)#m(\d+)"', page)
        assert link is not None
        self.assertEqual(int(link[2]), message.pk)
        self.assertIn(f'id="m{message.pk}"', self.page(link[1]))

    def test_may_be_limited_to_an_account(self) -> None:
        self.say("发货一")
        self.say("发货二", sender="dev17")
        self.assertNotIn("发货</mark>一", self.page(f"{PAGE}?q=发货&of=dev17"))
        self.assertIn("发货</mark>二", self.page(f"{PAGE}?q=发货&of=dev17"))

    def test_may_be_limited_to_days(self) -> None:
        now = timezone.now()
        ids = [message.pk for message in self.say("发货一", "发货二", "发货三")]
        for number, ago in zip(ids, (3, 2, 1), strict=True):
            Message.objects.filter(pk=number).update(created_at=now - timedelta(days=ago))
        self.enter_all()
        day = clock.day_of(now - timedelta(days=2))
        for asked, expected in (
            (f"since={day}", "二三"),
            (f"until={day}", "一二"),
            (f"since={day}&until={day}", "二"),
            (f"since={day + timedelta(days=2)}", ""),
        ):
            page = self.page(f"{PAGE}?q=发货&{asked}")
            self.assertEqual([word for word in "一二三" if f"发货</mark>{word}" in page], list(expected), asked)

    def test_says_what_is_no_day(self) -> None:
        for wrong in ("yesterday", "2026-02-30", "0001-01-01", "9999-12-31"):
            self.assertIn("are days, such as", self.page(f"{PAGE}?q=发货&until={wrong}"))

    def test_shows_shop_staff_messages_of_their_shops_alone(self) -> None:
        self.say("发货一", recipient="dev17")
        self.say("发货二")
        clerk: User = self.clerk("view_message", "view_conversation", everything=False)
        Membership.objects.create(user=clerk, shop=self.world.app.shops.get())
        page = self.page(f"{PAGE}?q=发货")
        self.assertEqual((page.count("<mark>"), "发货</mark>一" in page), (1, True))

    def test_goes_on_to_older_ones(self) -> None:
        self.say("发货", *["发货"] * 31)
        (oldest,) = Message.objects.order_by("pk")[:1]
        Message.objects.filter(pk=oldest.pk).update(created_at=timezone.now() - timedelta(days=2))
        page = self.page(f"{PAGE}?q=发货&since={clock.today()}")
        self.assertEqual(page.count("<mark>"), 30)
        older = re.search(r'href="(\?q=[^"]+below=\d+)"', page)
        assert older is not None
        self.assertEqual(self.page(PAGE + older[1].replace("&amp;", "&")).count("<mark>"), 1)

    def test_says_what_is_too_short(self) -> None:
        self.assertIn("At least two letters", self.page(f"{PAGE}?q=货"))
