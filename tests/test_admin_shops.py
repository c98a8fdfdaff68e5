"""Shops and their questions in the admin."""

import re
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from robots.answers import menu
from robots.models import Faq, Shop
from tests.admin_case import AdminTest, told

ADD = "/admin/robots/shop/add/"


def questions(*rows: dict[str, Any], existing: int = 0) -> dict[str, Any]:
    """The rows as the page's form sends them; the first `existing` are in the database already."""
    fields: dict[str, Any] = {"faqs-TOTAL_FORMS": len(rows), "faqs-INITIAL_FORMS": existing}
    for index, row in enumerate(rows):
        filled = {"number": "", "position": "", "question": "", "answer": "", "enabled": "on", **row}
        fields |= {f"faqs-{index}-{name}": value for name, value in filled.items()}
    return fields


NO_REPLIES = {"quick_replies-TOTAL_FORMS": 0, "quick_replies-INITIAL_FORMS": 0}


class ShopTest(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.account = self.world.account("dev17")

    def fields(self, **changed: Any) -> dict[str, Any]:
        return {
            "app": self.world.app.pk,
            "number": 17,
            "account": self.account.pk,
            "name": "小店",
            "greeting": "您好",
            "suggestion": "是哪个呢",
            "fallback": "请稍等",
            "enabled": "on",
            **NO_REPLIES,
            "speaks": "never",
            "quiet_minutes": 30,
            "handover": "请稍等",
            **questions(),
            **changed,
        }

    def seen(self, path: str) -> str:
        """The state of the shop that the page knows."""
        return str(re.search(r'name="seen" value="([^"]+)"', self.page(path))[1])  # type: ignore[index]


class ANewShop(ShopTest):
    def test_is_made_with_its_questions_in_order(self) -> None:
        rows = questions(
            {"question": "包邮吗", "answer": "包邮", "position": 2, "number": 3},
            {"question": "发什么快递", "answer": "顺丰", "position": 1, "number": 1},
        )
        self.submit(ADD, **self.fields(**rows))
        self.assertEqual([choice.number for choice in menu(Shop.objects.get()).choices], [1, 3])

    def test_may_have_quick_replies_for_its_people(self) -> None:
        replies = {"quick_replies-TOTAL_FORMS": 1, "quick_replies-0-text": "您好 {name}"}
        self.refusal(ADD, **self.fields(**replies, **{"quick_replies-0-shortcut": "a b"}))
        self.submit(ADD, **self.fields(**replies, **{"quick_replies-0-shortcut": "hi"}))
        self.assertEqual(Shop.objects.get().quick_replies.get().text, "您好 {name}")

    def test_needs_an_account_of_its_own_app(self) -> None:
        stranger = type(self.world)("default").account("dev17")
        self.assertIn("another app", self.refusal(ADD, **self.fields(account=stranger.pk)))

    def test_does_not_talk_through_the_notification_account(self) -> None:
        self.refusal(ADD, **self.fields(account=self.world.notification.pk))

    def test_has_a_number_of_its_own_within_the_app(self) -> None:
        self.world.shop("dev18", 17, {})
        self.refusal(ADD, **self.fields())
        other = type(self.world)("default")
        account = other.account("dev17")
        self.submit(ADD, **self.fields(app=other.app.pk, account=account.pk))


class WhenTheRobotSpeaks(ShopTest):
    def test_is_off_and_can_be_chosen(self) -> None:
        self.assertEqual(Shop(app=self.world.app).speaks, "never")
        self.submit(ADD, **self.fields(speaks="alone_or_open", hours="周一至周五 9:00-18:00", time_zone="Asia/Tokyo"))
        shop = Shop.objects.get()
        self.assertEqual((shop.speaks, shop.zone, len(shop.week.spans)), ("alone_or_open", "Asia/Tokyo", 5))

    def test_is_within_hours_of_a_zone_that_there_are(self) -> None:
        self.assertIn("周一 9点", self.refusal(ADD, **self.fields(hours="周一 9点")))
        self.assertIn("Asia/Atlantis", self.refusal(ADD, **self.fields(time_zone="Asia/Atlantis")))
        self.refusal(ADD, **self.fields(quiet_minutes=0))

    def test_is_not_always_within_hours_that_nobody_has_written(self) -> None:
        """It would talk over people at all times."""
        for hours in ("", " \n"):
            page = self.refusal(ADD, **self.fields(speaks="alone_or_open", hours=hours))
            self.assertIn("also while they are online", page)
        self.submit(ADD, **self.fields(speaks="alone_or_open", hours="0:00-24:00"))

    def test_may_stay_what_an_app_has_made_it(self) -> None:
        shop = self.world.shop("dev18", 18, {}, speaks="alone_or_open")
        path = f"/admin/robots/shop/{shop.pk}/change/"
        fields = self.fields(number=18, account=shop.account_id, speaks="alone_or_open")
        self.submit(path, **{**fields, "name": "新店"}, seen=self.seen(path))
        self.assertEqual(Shop.objects.get().name, "新店")


class ANumber(ShopTest):
    def numbers(self) -> dict[str, int]:
        return dict(Faq.objects.values_list("question", "number"))

    def test_left_empty_is_the_next_free_one(self) -> None:
        rows = questions(
            {"question": "包邮吗", "answer": "包邮"},
            {"question": "发什么快递", "answer": "顺丰", "number": 7},
            {"question": "有大码吗", "answer": "有"},
        )
        self.submit(ADD, **self.fields(**rows))
        self.assertEqual(self.numbers(), {"包邮吗": 8, "发什么快递": 7, "有大码吗": 9})

    def test_goes_on_after_the_questions_that_are_there(self) -> None:
        shop = self.world.shop("dev18", 18, {4: ("包邮吗", "包邮")})
        first = shop.faqs.get()
        rows = questions(
            {"id": first.pk, "shop": shop.pk, "number": 4, "position": 0, "question": "包邮吗", "answer": "包邮"},
            {"question": "有大码吗", "answer": "有"},
            existing=1,
        )
        page = f"/admin/robots/shop/{shop.pk}/change/"
        self.submit(page, **self.fields(account=shop.account.pk, number=18, seen=self.seen(page), **rows))
        self.assertEqual(self.numbers(), {"包邮吗": 4, "有大码吗": 5})
        self.assertEqual([choice.number for choice in menu(shop).choices], [4, 5])

    def test_is_unique_within_the_shop(self) -> None:
        rows = questions(
            {"question": "包邮吗", "answer": "包邮", "number": 1}, {"question": "有大码吗", "answer": "有", "number": 1}
        )
        self.refusal(ADD, **self.fields(**rows))


class AShopsPage(ShopTest):
    def test_saves_many_questions(self) -> None:
        rows = questions(*({"question": f"问题{n}", "answer": "答" * 1000} for n in range(1000)))
        self.submit(ADD, **self.fields(**rows))
        self.assertEqual(Faq.objects.count(), 1000)

    def test_sends_its_letters_as_they_are(self) -> None:
        shop = self.world.shop("dev18", 18, {})
        self.assertIn('enctype="multipart/form-data"', self.page(f"/admin/robots/shop/{shop.pk}/change/"))

    def test_does_not_undo_what_others_have_changed_since_it_was_opened(self) -> None:
        shop = self.world.shop("dev18", 18, {1: ("包邮吗", "包邮")})
        path = f"/admin/robots/shop/{shop.pk}/change/"
        faq = shop.faqs.get()
        row = {"id": faq.pk, "number": 1, "position": 0, "question": "包邮吗", "answer": "包邮"}
        seen = self.seen(path)
        shop.faqs.update(phrasings="要运费吗")
        page = self.refusal(
            path, **self.fields(account=shop.account.pk, number=18, **questions(row, existing=1), seen=seen)
        )
        self.assertIn("Somebody has changed this shop", page)
        self.assertEqual(shop.faqs.get().phrasings, "要运费吗")
        seen = self.seen(path)
        self.submit(path, **self.fields(account=shop.account.pk, number=18, **questions(row, existing=1), seen=seen))
        self.assertEqual(shop.faqs.get().phrasings, "")

    def test_takes_the_order_to_which_rows_were_dragged(self) -> None:
        shop = self.world.shop("dev18", 18, {1: ("包邮吗", "包邮"), 2: ("有大码吗", "有")})
        one, two = shop.faqs.order_by("number")
        rows = questions(
            *(
                {"id": faq.pk, "number": faq.number, "position": place, "question": faq.question, "answer": faq.answer}
                for faq, place in ((two, 0), (one, 1))
            ),
            {"position": 2},
            existing=2,
        )
        page = f"/admin/robots/shop/{shop.pk}/change/"
        self.submit(page, **self.fields(account=shop.account.pk, number=18, seen=self.seen(page), **rows))
        self.assertEqual([choice.number for choice in menu(shop).choices], [2, 1])

    def test_is_written_with_as_many_statements_for_many_questions_as_for_few(self) -> None:
        shop = self.world.shop("dev18", 18, {})
        page = f"/admin/robots/shop/{shop.pk}/change/"

        def statements(*faqs: Faq, gone: bool = False) -> int:
            rows = questions(
                *(
                    {"id": faq.pk or "", "number": faq.number, "position": place, "question": "问", "answer": "答"}
                    | ({"DELETE": "on"} if gone else {})
                    for place, faq in enumerate(faqs)
                ),
                existing=sum(faq.pk is not None for faq in faqs),
            )
            fields = self.fields(account=shop.account.pk, number=18, seen=self.seen(page), **rows)
            with CaptureQueriesContext(connection) as captured:
                self.submit(page, **fields)
            return len([query for query in captured.captured_queries if " robots_faq" in query["sql"].replace('"', "")])

        counts = []
        for count in (2, 40):
            made = statements(*(Faq(number=number) for number in range(1, count + 1)))
            moved = statements(*reversed(shop.faqs.all()))
            self.assertEqual([faq.number for faq in shop.faqs.all()], list(range(count, 0, -1)))
            gone = statements(*shop.faqs.all(), gone=True)
            # Django's form looks up the key of each row that is there.
            counts.append((made, moved - count, gone - count))
            self.assertFalse(shop.faqs.exists())
        self.assertEqual(*counts)

    def test_leaves_alone_texts_whose_lines_browsers_end_in_their_way(self) -> None:
        shop = self.world.shop("dev18", 18, {1: ("包邮吗", "包邮\n满 99 元")})
        shop.greeting = "您好\n请讲"
        shop.save()
        shop.faqs.update(phrasings="邮费谁出\n要运费吗")
        before, (faq,) = list(shop.faqs.values()), shop.faqs.all()
        row = {"id": faq.pk, "number": 1, "position": 0, "question": "包邮吗", "answer": "包邮\r\n满 99 元"}
        rows = questions({**row, "phrasings": "邮费谁出\r\n要运费吗"}, existing=1)
        page = f"/admin/robots/shop/{shop.pk}/change/"
        fields = self.fields(account=shop.account.pk, number=18, name="dev18", greeting="您好\r\n请讲", **rows)
        self.submit(page, **{**fields, "seen": self.seen(page)})
        shop.refresh_from_db()
        self.assertEqual((list(shop.faqs.values()), shop.greeting), (before, "您好\n请讲"))
        said = LogEntry.objects.get(object_id=str(shop.pk)).get_change_message()
        self.assertNotRegex(said, "question|greeting|Greeting")

    def test_keeps_the_shop_in_its_app(self) -> None:
        shop = self.world.shop("dev18", 18, {})
        other = type(self.world)("default")
        page = f"/admin/robots/shop/{shop.pk}/change/"
        self.submit(page, **self.fields(app=other.app.pk, account=shop.account.pk, number=18, seen=self.seen(page)))
        self.assertEqual(Shop.objects.get(pk=shop.pk).app, self.world.app)

    def test_refuses_an_account_of_another_app_later_too(self) -> None:
        shop = self.world.shop("dev18", 18, {})
        stranger = type(self.world)("default").account("dev18")
        page = f"/admin/robots/shop/{shop.pk}/change/"
        self.refusal(page, **self.fields(account=stranger.pk, number=18, seen=self.seen(page)))


class WhoSeesAShopAlone(ShopTest):
    def test_gets_no_handles_to_drag_rows_by(self) -> None:
        shop = self.world.shop("dev18", 18, {1: ("包邮吗", "包邮")})
        path = f"/admin/robots/shop/{shop.pk}/change/"
        self.assertIn("x-sort:handle", self.page(path))
        self.clerk("view_shop", "change_shop", "view_faq")
        page = self.page(path)
        self.assertIn("包邮吗", page)
        self.assertNotIn("x-sort", page)


class FindingAShop(ShopTest):
    def test_takes_its_number_or_the_beginning_of_its_name_or_account(self) -> None:
        self.world.shop("dev18", 18, {})
        self.world.shop("mall", 180, {})
        for term, found in (("18", ["dev18"]), ("ma", ["mall"]), ("dev", ["dev18"]), ("9" * 30, [])):
            with self.subTest(term):
                page = self.page(f"/admin/robots/shop/?q={term}")
                self.assertEqual([name for name in ("dev18", "mall") if f">{name}</a>" in page], found)


class TheListOfShops(ShopTest):
    def act(self, action: str, *shops: Shop) -> str:
        return self.submit("/admin/robots/shop/", action=action, _selected_action=[shop.pk for shop in shops])

    def test_closes_and_opens_the_chosen_ones_and_their_accounts(self) -> None:
        self.submit(ADD, **self.fields())
        shop = Shop.objects.get()
        other = self.world.shop("dev18", 18, {})
        for action, enabled in (("disable", False), ("enable", True)):
            self.assertIn("1 shop is", self.act(action, shop))
            shop.refresh_from_db()
            self.account.refresh_from_db()
            self.assertEqual((shop.enabled, self.account.enabled), (enabled, enabled))
            other.refresh_from_db()
            self.assertTrue(other.enabled)
        said = told(LogEntry.objects.filter(object_id=str(shop.pk)).order_by("id"))
        self.assertEqual(said, ["Added.", "Disabled.", "Enabled."])
