"""Finding shops, accounts and conversations by their names, and what pages say where nothing is found or shown."""

import re
from html import unescape

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection

from robots.models import Membership, Shop
from robots.roles import SHOP_STAFF
from tests.admin_case import AdminTest, column
from tests.case import text

ACCOUNTS, SHOPS = "/admin/accounts/account/", "/admin/robots/shop/"


class NamesTest(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop, self.other = self.world.shop("dev17", 17, {}), self.world.shop("dev18", 18, {})
        for one, name in ((self.shop, "演示小店"), (self.other, "别的小铺")):
            one.name = name
            one.save()
        self.world.account("User1", nickname="张三")
        for shop in ("dev17", "dev18"):
            self.world.said("User1", shop, text("在吗"))

    def work_for(self, *shops: Shop) -> None:
        """Go on as somebody of the shop staff."""
        user = get_user_model().objects.create(username="clerk", is_staff=True)
        user.groups.add(Group.objects.get(name=SHOP_STAFF.group))
        for shop in shops:
            Membership.objects.create(user=user, shop=shop)
        self.client.force_login(user)


class AnyPartOfAShopsName(NamesTest):
    def test_finds_it_in_the_list_of_shops_and_where_one_is_chosen(self) -> None:
        self.assertEqual(column(self.page(f"{SHOPS}?q=示小"), "name"), ["演示小店"])
        self.assertEqual(column(self.page(f"{SHOPS}?q=ev18"), "name"), ["别的小铺"])
        path = "/admin/autocomplete/?app_label=robots&model_name=note&field_name=shop&term=小铺"
        self.assertEqual([row["text"] for row in self.client.get(path).json()["results"]], ["别的小铺"])

    def test_finds_its_account(self) -> None:
        self.assertEqual(column(self.page(f"{ACCOUNTS}?q=小铺"), "name"), ["dev18"])

    def test_is_looked_for_without_reading_all_accounts(self) -> None:
        read = [sql for sql in self.queries(f"{ACCOUNTS}?q=小铺") if "LIKE" in sql or "nickname" in sql]
        with connection.cursor() as cursor:
            for sql in read:
                cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
                plan = " ".join(row[3] for row in cursor.fetchall())
                self.assertNotIn("SCAN accounts_account", plan, sql)


class TheSearchOverAll(NamesTest):
    def found(self, words: str) -> list[tuple[str, str]]:
        page = self.page(f"/admin/search/?s={words}")
        rows = re.findall(r'href="([^"]+)">.*?font-medium">([^<]+)</span>', page, re.DOTALL)
        return [(unescape(name), link.removeprefix("/admin/")) for link, name in rows]

    def test_finds_shops_accounts_and_conversations_and_leads_there(self) -> None:
        talk = self.world.view("dev17", "User1").pk
        account = f"dev17 · {self.world.app.name}"
        self.assertEqual(
            self.found("示小"),
            [
                ("演示小店", f"robots/shop/{self.shop.pk}/change/"),
                (account, f"accounts/account/{self.shop.account_id}/change/"),
                ("张三 (User1) ↔ 演示小店", f"chat/conversation/{talk}/talk/"),
            ],
        )
        self.assertEqual(len(self.found("User1")), 3)

    def test_finds_lists_by_their_titles(self) -> None:
        self.assertIn(("Notes", "robots/note/"), self.found("note"))

    def test_shows_somebody_of_a_shop_what_is_theirs(self) -> None:
        self.work_for(self.shop)
        self.assertEqual([name for name, _ in self.found("小")], ["演示小店", "张三 (User1) ↔ 演示小店"])
        self.assertEqual(self.found("别的"), [])

    def test_says_what_it_did_not_find(self) -> None:
        self.assertIn("Nothing is called “&lt;b&gt;”.", self.page("/admin/search/?s=<b>"))

    def test_takes_as_many_queries_however_much_there_is(self) -> None:
        counts = []
        for prefix in ("小a", "小b"):
            counts.append(len(self.queries("/admin/search/?s=小")))
            self.many_accounts(40, prefix)
        self.assertEqual(counts[0], counts[1])


class WhereNothingIs(NamesTest):
    EMPTY = "Nothing is here yet."

    def test_a_page_offers_nothing_that_is_refused(self) -> None:
        self.assertIn("/admin/robots/note/add/", self.page("/admin/robots/note/").split(self.EMPTY)[1])
        self.work_for(self.shop)
        page = self.page("/admin/robots/note/").split(self.EMPTY)[1]
        self.assertIn("Notes are written beside a conversation.", page)
        self.assertNotIn("/add/", page)

    def test_a_search_says_how_it_looks(self) -> None:
        page = self.page(f"{ACCOUNTS}?q=nobody")
        self.assertIn("Nothing was found.", page)
        self.assertIn("Looked for here: How an account&#x27;s name or nickname begins", page)
        self.assertNotIn(self.EMPTY, page)

    def test_somebody_without_a_shop_is_told_why_on_each_page(self) -> None:
        self.work_for()
        for path in ("/admin/", SHOPS, "/admin/robots/note/", "/admin/chat/message/find/"):
            self.assertIn("You work for no shop yet", self.page(path), path)
        Membership.objects.create(user=get_user_model().objects.get(username="clerk"), shop=self.shop)
        self.assertNotIn("You work for no shop yet", self.page("/admin/"))

    def test_nobody_else_is_told_so(self) -> None:
        self.assertNotIn("You work for no shop yet", self.page("/admin/"))
        self.clerk("view_account")
        self.assertNotIn("You work for no shop yet", self.page("/admin/"))
