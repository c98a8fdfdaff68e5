"""The admin's lists cost the same however many rows there are, and nothing is counted."""

import re

from django.db import connection
from django.utils import timezone

from accounts.models import Account
from chat.models import Conversation, Message, Notification
from robots.models import Gap, Membership, Shop, UnansweredQuestion
from tests.admin_case import AdminTest, column

BIG_TABLES = ("accounts_account", "chat_message", "chat_conversation", "robots_unansweredquestion")
MESSAGES = "/admin/chat/message/"
CONVERSATIONS = "/admin/chat/conversation/"
ACCOUNTS = "/admin/accounts/account/"


class ListTest(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop = self.world.shop("dev17", 17, {1: ("发什么快递", "发顺丰a")})

    def rows(self, count: int, prefix: str = "u") -> list[Account]:
        """That many accounts, each with a conversation and a message with the next, a question and a notification."""
        accounts = self.many_accounts(count, prefix)
        now = timezone.now()
        first = Message.objects.count() + 1
        pairs = list(zip(accounts, [*accounts[1:], accounts[0]], strict=True))
        for number, (sender, recipient) in enumerate(pairs, first):
            body = f'{{"type":"txt","content":"message {number}"}}'
            Message.objects.create(id=number, sender=sender, recipient=recipient, body=body, created_at=now)
        Conversation.objects.bulk_create(
            Conversation(
                owner=owner, peer=peer, last_message_id=number, last_message_at=now, preview=f"message {number}"
            )
            for number, (sender, recipient) in enumerate(pairs, first)
            for owner, peer in ((sender, recipient), (recipient, sender))
        )
        UnansweredQuestion.objects.bulk_create(
            UnansweredQuestion(shop=self.shop, asker=account, text=f"question of {account}") for account in accounts
        )
        times = {"first_asked_at": now, "last_asked_at": now}
        Gap.objects.bulk_create(
            Gap(shop=self.shop, text=f"gap of {account}", meaning=b"", count=1, rank=account.pk, **times)
            for account in accounts
        )
        Notification.objects.bulk_create(
            Notification(app=self.world.app, recipient=account, text="sale", author=self.staff) for account in accounts
        )
        return accounts


class EveryList(ListTest):
    LISTS = (
        ACCOUNTS,
        f"{ACCOUNTS}?q=u",
        f"{ACCOUNTS}?enabled__exact=1",
        MESSAGES,
        f"{MESSAGES}?q=u1",
        CONVERSATIONS,
        f"{CONVERSATIONS}?q=u",
        "/admin/robots/unansweredquestion/",
        "/admin/robots/unansweredquestion/?settled__exact=0",
        "/admin/robots/gap/",
        "/admin/robots/gap/?state=open&p=1",
        "/admin/robots/shop/",
        "/admin/chat/notification/",
    )

    def test_takes_as_many_queries_for_200_rows_as_for_10(self) -> None:
        self.rows(10)
        few = {path: len(self.queries(path)) for path in self.LISTS}
        self.rows(200, "u1")
        self.assertEqual({path: len(self.queries(path)) for path in self.LISTS}, few)

    def test_counts_nothing(self) -> None:
        self.rows(60)
        for path in self.LISTS:
            with self.subTest(path):
                counting = [sql for sql in self.queries(path) if "COUNT(" in sql.upper()]
                self.assertEqual([sql for sql in counting if any(table in sql for table in BIG_TABLES)], [])

    def test_reads_a_page_and_one_row_more(self) -> None:
        self.rows(60)
        for path in self.LISTS:
            with self.subTest(path):
                for sql in self.queries(path):
                    if re.search(r'FROM "(accounts_account|chat_|robots_unans)', sql):
                        self.assertRegex(sql, r"LIMIT \d+|\"id\" IN \(|\"id\" = ")


class TheNextPage(ListTest):
    def shown(self, path: str) -> list[int]:
        return [int(row) for row in re.findall(r'name="_selected_action" value="(\d+)"', self.page(path))]

    def test_goes_on_where_the_first_ended_until_the_oldest(self) -> None:
        self.rows(120)
        expected = list(Account.objects.order_by("-pk").values_list("pk", flat=True))
        shown: list[int] = []
        path = ACCOUNTS
        while path:
            shown += self.shown(path)
            older = re.search(r'href="(\?[^"]*id__lt=\d+[^"]*)">Older', self.page(path))
            path = ACCOUNTS + older[1].replace("&amp;", "&") if older else ""
        self.assertEqual(shown, expected)

    def test_leads_back_to_the_newest(self) -> None:
        self.rows(60)
        last = Account.objects.order_by("-pk")[49].pk
        self.assertIn("Newest", self.page(f"{ACCOUNTS}?id__lt={last}"))
        self.assertNotIn("Newest", self.page(ACCOUNTS))


class SearchingAccounts(ListTest):
    def found(self, term: str) -> set[str]:
        page = self.page(f"{ACCOUNTS}?q={term}")
        return set(column(page, "name"))

    def test_finds_the_beginning_of_a_name_or_nickname(self) -> None:
        for name, nickname in (("User1", "张三"), ("User2", "李四"), ("Ken", "User X"), ("SuperUser", "")):
            self.world.account(name, nickname=nickname)
        self.assertEqual(self.found("User"), {"User1", "User2", "Ken"})
        self.assertEqual(self.found("张"), {"User1"})

    def test_takes_wildcards_to_the_letter(self) -> None:
        self.world.accounts("User1", "100%", "a_b")
        self.assertEqual(self.found("100%25"), {"100%"})
        self.assertEqual(self.found("%25"), set())
        self.assertEqual(self.found("_"), set())

    def test_reads_the_indexes(self) -> None:
        (search,) = [sql for sql in self.queries(f"{ACCOUNTS}?q=Us") if "nickname" in sql]
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + search.replace("%", "%%"))
            plan = " ".join(row[3] for row in cursor.fetchall())
        self.assertIn("account_by_name", plan)
        self.assertIn("account_by_nickname", plan)
        self.assertNotIn("SCAN accounts_account", plan)


class SearchingMessages(ListTest):
    def found(self, query: str) -> list[int]:
        return [int(row) for row in column(self.page(f"{MESSAGES}?{query}"), "id")]

    def test_finds_what_an_account_wrote_and_heard(self) -> None:
        self.rows(5)
        self.assertEqual(self.found("q=u2"), [3, 2])

    def test_finds_the_id(self) -> None:
        self.rows(5)
        self.assertEqual(self.found("q=4"), [4])

    def test_goes_on_below_an_id(self) -> None:
        self.rows(5)
        self.assertEqual(self.found("q=u2&id__lt=3"), [2])

    def test_finds_nothing_of_an_unknown_account(self) -> None:
        self.rows(5)
        self.assertEqual(self.found("q=nobody"), [])

    def test_does_not_look_into_the_words(self) -> None:
        self.rows(5)
        self.assertEqual(self.found("q=message"), [])

    def test_of_one_conversation_are_shown_alone(self) -> None:
        one, two, *_others = self.rows(5)
        self.assertEqual(self.found(f"pair={one.pk}-{two.pk}"), [1])

    def test_a_pair_that_is_no_pair_shows_everything(self) -> None:
        self.rows(3)
        for nonsense in ("pair=x", "pair=1-", "pair=1-2-3", "pair=" + "9" * 40 + "-1"):
            with self.subTest(nonsense):
                self.assertEqual(len(self.found(nonsense)), 3)


class TheListOfConversations(ListTest):
    def setUp(self) -> None:
        super().setUp()
        Shop.objects.filter(pk=self.shop.pk).update(name="演示小店")
        self.world.account("User1", nickname="张三")
        self.world.account("User2", nickname="李四")
        for sender, recipient in (("User1", "dev17"), ("dev17", "User2"), ("User2", "User1")):
            self.world.said(sender, recipient, {"type": "txt", "content": "在吗"})
        self.world.notify("User1", "通知")

    def shown(self, query: str = "") -> list[str]:
        return re.findall(r'/talk/[^"]*"[^>]*>([^<]+)</a>', self.page(CONVERSATIONS + query))

    TALKS = ("张三 (User1) ↔ 通知", "李四 (User2) ↔ 张三 (User1)", "李四 (User2) ↔ 演示小店", "张三 (User1) ↔ 演示小店")

    def test_has_one_row_of_each_talk_and_says_who_talks_with_whom(self) -> None:
        self.assertEqual(self.shown(), list(self.TALKS))

    def test_calls_its_columns_on_a_phone_what_they_are(self) -> None:
        self.assertNotIn("Select record", self.page(CONVERSATIONS))

    def test_has_the_row_of_the_customer_where_the_shop_has_none(self) -> None:
        Conversation.objects.filter(owner__name="dev17").delete()
        self.assertEqual(set(self.shown()), set(self.TALKS))

    def test_is_searched_by_any_part_of_a_shop_and_the_beginning_of_an_account(self) -> None:
        for words, found in (
            ("示小", (2, 3)),
            ("User1", (0, 1, 3)),
            ("User", (0, 1, 2, 3)),
            ("李", (1, 2)),
            ("ser", ()),
        ):
            with self.subTest(words):
                # Whose row it is decides who stands on the right, where neither is a shop.
                shown = [frozenset(row.split(" ↔ ")) for row in self.shown(f"?q={words}")]
                self.assertCountEqual(shown, [frozenset(self.TALKS[number].split(" ↔ ")) for number in found])

    def test_has_marks_only_where_something_is_so(self) -> None:
        Conversation.objects.filter(owner__name="dev17", peer__name="User1").update(pinned=True)
        page = self.page(CONVERSATIONS)
        self.assertEqual(page.count("✓"), 1)
        self.assertNotIn("close_small", page)

    def test_names_the_shop_to_none_who_works_for_it_alone(self) -> None:
        clerk = self.clerk("view_conversation", "view_message", everything=False)
        Membership.objects.create(user=clerk, shop=self.shop)
        self.assertEqual(self.shown(), ["李四 (User2)", "张三 (User1)"])
        self.assertEqual(self.shown("?q=张"), ["张三 (User1)"])
        Membership.objects.create(user=clerk, shop=self.world.shop("dev18", 18, {}))
        self.assertEqual(self.shown("?q=演示"), list(self.TALKS[2:]))

    def test_leads_to_what_was_said_whom_it_opens_for(self) -> None:
        self.clerk("view_conversation")
        self.assertEqual(self.shown(), [])

    def test_is_read_from_indexes(self) -> None:
        for query in ("", "?q=User1", "?q=示小"):
            read = [sql for sql in self.queries(CONVERSATIONS + query) if 'FROM "chat_conversation' in sql]
            with connection.cursor() as cursor:
                for sql in read:
                    cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
                    scans = [row[3] for row in cursor.fetchall() if row[3].startswith("SCAN chat_conversation")]
                    # In the order of the ids, until a page is full.
                    self.assertEqual(scans, [] if query else ["SCAN chat_conversation"], sql)


class AMessage(ListTest):
    def test_is_shown_as_text_whatever_it_holds(self) -> None:
        one, two = self.many_accounts(2)
        wild = '{"type":"txt","content":"<script>alert(1)</script>"}'
        message = Message.objects.create(sender=one, recipient=two, body=wild, created_at=timezone.now())
        for path in (MESSAGES, f"{MESSAGES}{message.pk}/change/"):
            with self.subTest(path):
                page = self.page(path)
                self.assertIn("&lt;script&gt;alert(1)", page)
                self.assertNotIn("<script>alert(1)", page)

    def test_of_an_unknown_type_is_shown_as_it_is(self) -> None:
        one, two = self.many_accounts(2)
        body = '{"type":"poll","content":{"question":"茶？"}}'
        Message.objects.create(sender=one, recipient=two, body=body, created_at=timezone.now())
        self.assertIn("茶？", self.page(MESSAGES))


class TheFilters(ListTest):
    def test_offer_few_apps_and_the_chosen_one_however_many_there_are(self) -> None:
        chosen = self.world.app
        apps = [type(self.world)("default").app for _ in range(40)]
        page = self.page(f"{ACCOUNTS}?app__id__exact={chosen.pk}")
        offered = set(re.findall(r"app__id__exact=(\d+)\"", page))
        self.assertIn(str(chosen.pk), offered)
        self.assertLessEqual(len(offered), 31)
        self.assertIn(str(apps[-1].pk), offered)


class Suggestions(ListTest):
    PATH = "/admin/autocomplete/?app_label=chat&model_name=notification&field_name=recipient&term={}"

    def test_come_a_page_at_a_time_without_counting(self) -> None:
        self.many_accounts(50)
        path = self.PATH.format("u")
        pages = [self.client.get(f"{path}&page={number}").json() for number in (1, 2, 3)]
        self.assertEqual([len(page["results"]) for page in pages], [20, 20, 10])
        self.assertEqual([page["pagination"]["more"] for page in pages], [True, True, False])
        self.assertEqual([sql for sql in self.queries(path) if "COUNT(" in sql.upper()], [])

    def test_tell_accounts_of_one_name_apart(self) -> None:
        self.world.account("User1", nickname="张三")
        (suggestion,) = self.client.get(self.PATH.format("User1")).json()["results"]
        self.assertEqual(suggestion["text"], f"User1 · 张三 · {self.world.app.name}")

    def test_leave_out_the_notification_account(self) -> None:
        self.assertEqual(self.client.get(self.PATH.format("notification")).json()["results"], [])


class UnansweredQuestions(ListTest):
    LIST = "/admin/robots/unansweredquestion/"

    def test_are_settled_by_an_action(self) -> None:
        self.rows(3)
        chosen = list(UnansweredQuestion.objects.order_by("pk").values_list("pk", flat=True))[:2]
        page = self.submit(self.LIST, action="settle", _selected_action=chosen)
        self.assertIn("2 questions are settled.", page)
        self.assertEqual(set(UnansweredQuestion.objects.filter(settled=True).values_list("pk", flat=True)), set(chosen))

    def test_are_filtered_by_shop(self) -> None:
        other = self.world.shop("dev18", 18, {})
        UnansweredQuestion.objects.create(shop=other, asker=self.world.account("User1"), text="有赠品吗")
        self.rows(2)
        page = self.page(f"{self.LIST}?shop__id__exact={other.pk}")
        self.assertIn("有赠品吗", page)
        self.assertNotIn("question of", page)
