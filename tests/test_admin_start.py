"""The admin's first page: today's figures and plots."""

import asyncio
import re
from datetime import timedelta
from typing import ClassVar

from django.db import connection, connections, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import expect

from chat.figures import clock, daily, following
from chat.figures.models import FirstAnswers, OtherHour, ShopHour
from chat.figures.spans import span_of
from chat.models import Message
from robots.models import Membership, Shop
from tests.admin_browser import StaffTest
from tests.admin_case import AdminTest
from tests.admin_session import AdminSession
from tests.case import SocketTest
from tests.client import PATIENCE, a_moment
from tests.routing import Everywhere

PAGE = "/admin/"


class StartTest(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop = self.world.shop("dev17", 17, {})
        self.today = clock.today()

    def hour(self, shop: Shop, ago: int = 0, **numbers: int) -> None:
        """What was counted of noon, so many days ago."""
        hour = clock.begin_of(self.today - timedelta(days=ago)) + timedelta(hours=12)
        columns = ("customers", "people", "answers", "menus", "fallbacks", "handovers", "talks", "answered")
        ShopHour.objects.create(shop=shop, hour=hour, **{**dict.fromkeys(columns, 0), **numbers})

    def cards(self, path: str = PAGE) -> dict[str, tuple[str, str]]:
        """The figures, with those of the day before."""
        found = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd><dd>[^:]*: (.*?)</dd>", self.page(path))
        return {title: (now, before) for title, now, before in found}

    def row(self, name: str) -> list[str]:
        """What stands in a shop's row."""
        return re.findall(r"<td>(.*?)</td>", self.shown_of(name))

    def shown_of(self, name: str) -> str:
        """A shop's row."""
        row = re.search(rf"<tr><th[^>]*><a [^>]*>{name}</a></th>(.*?)</tr>", self.page(PAGE))
        assert row is not None, f"{name} has no row"
        return row[1]

    def answered(self, shop: Shop, *seconds: int, ago: int = 0) -> None:
        """People of the shop gave first answers after so long."""
        for took in seconds:
            where = {"shop": shop, "day": self.today - timedelta(days=ago), "span": span_of(took)}
            row, _ = FirstAnswers.objects.get_or_create(**where, defaults={"number": 0})
            row.number += 1
            row.save()


class TheFirstPage(StartTest):
    def test_shows_today_beside_yesterday(self) -> None:
        self.hour(self.shop, customers=4, people=2, answers=3, fallbacks=1, talks=4, answered=3)
        self.hour(self.shop, ago=1, customers=1200, talks=2, answered=1)
        self.answered(self.shop, 90, 90, 4000)
        self.answered(self.shop, 20, ago=1)
        cards = self.cards()
        self.assertEqual(cards["Messages"], ("10", "1,200"))
        self.assertEqual(cards["Talks"], ("4", "2"))
        self.assertEqual(cards["Unanswered"], ("25%", "50%"))
        self.assertEqual(cards["Robot hits"], ("75%", "–"))
        self.assertEqual(cards["First answer, median"], ("1 min 29 s", "20 s"))
        self.assertEqual(cards["First answer, 9 of 10"], ("1 h 6 min", "20 s"))
        self.assertEqual(self.row("dev17"), ["4", "4", "25% (1)", "1 min 29 s", "1 h 6 min", "75%"])

    def test_tells_next_to_nothing_from_nothing_and_next_to_all_from_all(self) -> None:
        self.hour(self.shop, talks=4006, answered=4005, answers=4005, fallbacks=1)
        self.hour(self.shop, ago=1, talks=4006, answered=4006, answers=1, fallbacks=4005)
        cards = self.cards()
        self.assertEqual(cards["Unanswered"], ("&lt;1%", "0%"))
        self.assertEqual(cards["Robot hits"], ("&gt;99%", "&lt;1%"))
        self.assertEqual(self.row("dev17")[2], "&lt;1% (1)")

    def test_shows_an_earlier_day_that_is_asked_for(self) -> None:
        self.hour(self.shop, ago=2, customers=3)
        day = self.today - timedelta(days=1)
        self.assertEqual(self.cards(f"{PAGE}?day={day}")["Messages"], ("0", "3"))

    def test_goes_no_further_back_than_figures_are_kept(self) -> None:
        for day in ("1999-01-01", "2999-01-01", "2026-02-31", "x"):
            with self.subTest(day):
                self.assertIn("Messages", self.cards(f"{PAGE}?day={day}"))
        oldest = self.today - following.KEPT
        self.assertNotIn("The day before<", self.page(f"{PAGE}?day={oldest}"))

    def test_says_that_nothing_has_happened_yet(self) -> None:
        page = self.page(PAGE)
        self.assertIn("Nobody has written anything", page)
        self.assertIn("No shop was written to", page)
        self.assertNotIn("start-trend", page)

    def test_draws_each_hour_and_says_it_in_a_table(self) -> None:
        self.hour(self.shop, customers=4, people=2, answers=2)
        page = self.page(PAGE).partition('id="start-trend"')[0]
        heights = re.findall(
            r'<rect class="(customers|people|robots)" x="[\d.]+" y="[\d.]+" [^>]*height="([\d.]+)"', page
        )
        self.assertEqual(heights, [("customers", "50.0"), ("people", "25.0"), ("robots", "25.0")])
        self.assertIn('<th scope="row">12:00</th><td>4</td><td>2</td><td>2</td><td>8</td>', page)

    def test_draws_shares_of_fourteen_days_and_says_them_in_a_table(self) -> None:
        self.hour(self.shop, talks=10, answered=8, answers=3, fallbacks=1)
        self.hour(self.shop, ago=1, talks=10, answered=9, answers=1, fallbacks=1)
        self.hour(self.shop, ago=13, talks=4, answered=4)
        self.hour(self.shop, ago=14, talks=4)
        page = self.page(PAGE)
        for name, heights, shares in (
            ("unanswered", ["0.0", "50.0", "100.0"], ["0%", *["–"] * 11, "10%", "20%"]),
            ("robots", ["66.667", "100.0"], [*["–"] * 12, "50%", "75%"]),
        ):
            title = {"unanswered": "Unanswered", "robots": "Robot hits"}[name]
            days = page.partition('id="start-trend"')[2]
            drawn = re.findall(rf'<rect class="{name}" x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)"', days)
            self.assertEqual(drawn, heights)
            row = re.search(rf'<tr><th scope="row">{title}</th>(.*?)</tr>', days)
            assert row is not None
            self.assertEqual(re.findall("<td>(.*?)</td>", row[1]), shares)

    def test_draws_how_long_the_customers_of_each_shop_waited(self) -> None:
        other = self.world.shop("dev18", 18, {})
        for shop in (self.shop, other):
            self.hour(shop, customers=1)
        self.answered(self.shop, 100, 100, 1600)
        self.answered(other, 400, 400, 400)
        for name, median, ninetieth in (("dev17", 6.25, 100), ("dev18", 25, 25)):
            bar = re.search(r'<rect class="people" width="([\d.]+)".* d="M[\d.]+ 5H([\d.]+)M', self.shown_of(name))
            assert bar is not None
            self.assertAlmostEqual(float(bar[1]), median, delta=1)
            self.assertAlmostEqual(float(bar[2]), ninetieth, delta=1)

    def test_of_a_shop_whose_people_answered_nobody_draws_nothing(self) -> None:
        self.hour(self.shop, customers=1)
        self.assertNotIn("<svg", self.shown_of("dev17"))

    def test_does_not_repeat_the_menu(self) -> None:
        self.assertNotIn("/admin/accounts/app/add/", self.page(PAGE))
        self.clerk("view_account", "add_account")
        self.assertIn("/admin/accounts/account/add/", self.page(PAGE))

    def test_says_which_clock_it_goes_by(self) -> None:
        self.assertIn("Asia/Shanghai", self.page(PAGE))

    def test_speaks_chinese(self) -> None:
        self.hour(self.shop, customers=4, people=2, talks=1)
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
        page = self.page(PAGE)
        for word in ("今天", "未回复", "首次回复", "机器人命中率", "各小时消息数"):
            self.assertIn(word, page)
        self.assertNotIn("First answer", page)

    def test_has_no_style_in_its_elements_and_no_address_elsewhere(self) -> None:
        self.hour(self.shop, customers=4)
        start = self.page(PAGE).partition('<div class="start">')[2].rpartition("</section>")[0]
        self.assertTrue(start)
        self.assertNotRegex(start, r"style=|https?://|<script")


class WhoSeesTheFigures(StartTest):
    def test_are_those_who_may_see_shops(self) -> None:
        self.clerk("view_shop")
        self.assertIn("Messages", self.cards())

    def test_are_no_others(self) -> None:
        self.clerk("view_account", "view_message")
        self.assertEqual(self.cards(), {})

    def test_who_work_for_a_shop_get_those_of_that_shop_alone(self) -> None:
        other = self.world.shop("dev18", 18, {})
        self.hour(self.shop, customers=4)
        self.hour(other, customers=70)
        clerk = self.clerk("view_shop", everything=False)
        self.assertEqual(self.cards()["Messages"], ("0", "0"))
        Membership.objects.create(user=clerk, shop=self.shop)
        page = self.page(PAGE)
        self.assertEqual(self.cards()["Messages"], ("4", "0"))
        self.assertNotIn("dev18", page)
        self.assertNotIn("Sockets", page)

    def test_get_links_to_what_they_may_see(self) -> None:
        links = ("/admin/robots/gap/", "/admin/chat/conversation/")
        self.clerk("view_shop")
        self.assertFalse([link for link in links if f'<a href="{link}">' in self.page(PAGE)])
        self.client.force_login(self.staff)
        self.assertEqual([link for link in links if f'<a href="{link}">' in self.page(PAGE)], list(links))


class TheWork(StartTest):
    def fill(self, shops: int) -> None:
        """Some shops with a month of figures."""
        for number in range(shops):
            shop = self.world.shop(f"shop{Shop.objects.count()}", 100 + Shop.objects.count(), {})
            for ago in range(10):
                self.hour(shop, ago, customers=number + 1, talks=1)
                FirstAnswers.objects.create(shop=shop, day=self.today - timedelta(days=ago), span=number, number=1)
        now = timezone.now()
        someone, other = self.many_accounts(2, f"u{shops}x")
        Message.objects.bulk_create(
            Message(sender=someone, recipient=other, body="{}", created_at=now) for _ in range(100 * shops)
        )
        OtherHour.objects.get_or_create(hour=clock.hour_of(now), defaults={"customers": 1, "notifications": 1})

    def test_is_as_many_queries_for_60_shops_as_for_3_and_none_of_messages(self) -> None:
        self.fill(3)
        few = self.queries(PAGE)
        self.fill(57)
        many = self.queries(PAGE)
        self.assertEqual(len(many), len(few))
        self.assertEqual([sql for sql in many if "chat_message" in sql or "chat_conversation" in sql], [])

    def test_is_ranges_of_indexes(self) -> None:
        self.fill(3)
        read = [sql for sql in self.queries(PAGE) if re.search("chat_(shophour|otherhour|firstanswers)", sql)]
        self.assertEqual(len(read), 7)
        with connection.cursor() as cursor:
            for sql in read:
                cursor.execute("EXPLAIN QUERY PLAN " + sql)
                plan = [row[3] for row in cursor.fetchall()]
                self.assertEqual([step for step in plan if step.startswith("SCAN")], [], sql)


class SocketsBySource(SocketTest):
    async def test_are_those_of_all_processes(self) -> None:
        self.world.accounts("User1")
        staff = await AdminSession.begin(self.deployment.next_server(), self.world.alias)
        for server in self.deployment.servers:
            await self.signed_in("User1", server, source=3)
        expected = str(len(self.deployment.servers))
        async with asyncio.timeout(PATIENCE):
            while await self.shown(staff) != expected:
                await a_moment()

    async def shown(self, staff: AdminSession) -> str:
        """How many sockets the page shows of Alipay."""
        row = re.search(r"Alipay mini program</th>.*?<td>(\d+)</td>", await staff.get("/admin/"))
        return row[1] if row else ""


class ADayInPostgresql(SocketTest):
    deployments: ClassVar[tuple[str, ...]] = ("grown-up",)

    async def test_is_read_from_indexes(self) -> None:
        there = connections[self.world.alias]
        routed = override_settings(DATABASE_ROUTERS=[Everywhere(self.world.alias)])
        with routed, CaptureQueriesContext(there) as captured:
            daily.figures(clock.today())
            daily.figures(clock.today(), [1, 2])
            daily.days(clock.today())
            daily.days(clock.today(), [1, 2])
        read = [query["sql"] for query in captured.captured_queries if "chat_progress" not in query["sql"]]
        self.assertGreater(len(read), 10)
        with transaction.atomic(using=self.world.alias), there.cursor() as cursor:
            # So little lies there that PostgreSQL would read all of it, if it may.
            cursor.execute("SET LOCAL enable_seqscan = off")
            for sql in read:
                cursor.execute("EXPLAIN " + sql)
                plan = "\n".join(row[0] for row in cursor.fetchall())
                self.assertNotRegex(plan, "Seq Scan on chat_")
                self.assertNotIn("chat_message", plan)


class OnScreens(StaffTest):
    def setUp(self) -> None:
        super().setUp()
        shop, columns = self.world.shop("dev17", 17, {}), ("people", "answers", "menus", "fallbacks", "handovers")
        numbers = {**dict.fromkeys(columns, 1), "customers": 1_000_000, "talks": 3, "answered": 2}
        day, alias = clock.today(), self.world.alias
        ShopHour.objects.using(alias).create(shop=shop, hour=clock.begin_of(day), **numbers)
        longest = span_of(6 * 24 * 3600 + 23 * 3600 + 59 * 60)
        FirstAnswers.objects.using(alias).create(shop=shop, day=day, span=longest, number=3)

    def test_it_fits_on_a_phone_and_can_be_read_as_a_table(self) -> None:
        page = self.admin(PAGE, locale="zh-CN", viewport={"width": 360, "height": 740}, color_scheme="dark")
        expect(page.locator("rect.customers").first).to_be_visible()
        self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), 360)
        page.get_by_text("以表格显示").first.click()
        expect(page.get_by_role("row", name="00:00")).to_contain_text("1,000,000")
        page.get_by_text("以表格显示").last.click()
        # Of all shops: those of other tests have talks of the day, too.
        expect(page.get_by_role("row", name="未回复").first).to_contain_text(re.compile(r"\d+%"))

    def test_the_longest_times_stand_on_one_line(self) -> None:
        for locale in ("zh-CN", "en"):
            page = self.admin(PAGE, locale=locale, viewport={"width": 1440, "height": 900})
            expect(page.locator(".start-value").first).to_be_visible()
            heights = "() => [...document.querySelectorAll('.start-value')].map((each) => each.offsetHeight)"
            self.assertEqual(len(set(page.evaluate(heights))), 1)
            wide = "() => [...document.querySelectorAll('.start-value')].some((e) => e.scrollWidth > e.clientWidth)"
            self.assertFalse(page.evaluate(wide))
