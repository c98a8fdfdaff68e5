"""A shop's questions from and into tables, on the admin's pages: seen first, changed then."""

import re
from typing import Any
from unittest.mock import patch

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from robots.models import Membership
from tests.admin_case import AdminTest, told

QUESTIONS = ("view_shop", "change_shop", "view_faq", "add_faq", "change_faq")


class TablesOfAShop(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop = self.world.shop("dev17", 17, {1: ("发什么快递", "顺丰"), 2: ("包邮吗", "满 99 元包邮")})
        self.path = f"/admin/robots/shop/{self.shop.pk}/import/"

    def look(self, text: str, **more: Any) -> str:
        answer = self.client.post(self.path, {"file": SimpleUploadedFile("q.csv", text.encode()), **more})
        self.assertEqual(answer.status_code, 200)
        return answer.content.decode()

    def seen(self, page: str) -> str:
        (packed,) = re.findall(r'name="seen" value="([^"]+)"', page)
        return str(packed)

    def now(self) -> list[tuple[int, str, str]]:
        return list(self.shop.faqs.values_list("number", "question", "answer"))


class LookingAtATable(TablesOfAShop):
    def test_shows_what_would_change_and_changes_nothing(self) -> None:
        before = self.now()
        page = self.look("number,question,answer\n2,包邮吗,全场包邮\n,有发票吗,有\n", remove="on")
        self.assertIn("1 new, 1 changed, 0 as they were, 1 removed.", page)
        self.assertIn("有发票吗", page)
        self.assertIn("<del>满 99 元</del><ins>全场</ins>包邮", page)
        self.assertIn("<del>发什么快递</del>", page)
        self.assertEqual(self.now(), before)

    def test_that_changes_nothing_offers_no_button(self) -> None:
        page = self.look("number,question,answer\n2,包邮吗,满 99 元包邮\n")
        self.assertIn("nothing would change", page)
        self.assertNotIn('name="seen"', page)

    def test_shows_the_beginning_of_what_is_long(self) -> None:
        page = self.look("question,answer\n" + "".join(f"问题{n},{'答' * 500}\n" for n in range(502)))
        self.assertIn("502 new", page)
        self.assertIn("2 more rows are not shown here.", page)
        self.assertNotIn("答" * 500, page)
        page = self.look("question,answer\n" + ",答\n" * 501)
        self.assertIn("1 more row is not shown here.", page)

    def test_shows_markup_as_text(self) -> None:
        self.assertNotIn("<script>alert", self.look("question,answer\n<script>alert(1)</script>,x\n"))

    def test_names_the_rows_that_are_wrong_and_offers_no_button(self) -> None:
        page = self.look("question,answer\n,有\n")
        self.assertIn("Row 2:", page)
        self.assertNotIn('name="seen"', page)

    def test_shows_all_that_is_wrong_at_once_and_counts_it(self) -> None:
        page = self.look("number,question,answer\n5,a,b\n5,c,d\nx,e,f\n,,g\n8,h,i,j\n")
        self.assertIn("4 rows are wrong.", page)
        self.assertEqual(re.findall(r"Row (\d+):", page), ["3", "4", "5", "6"])

    def test_with_headings_alone_says_that_it_has_no_rows(self) -> None:
        page = self.look("number,question,answer\n", remove="on")
        self.assertIn("no rows below the headings", page)
        self.assertNotIn('name="seen"', page)

    def test_of_a_file_that_is_none_says_so(self) -> None:
        self.assertIn("no such column: price", self.look("question,answer,price\n"))
        self.assertIn("Choose a file.", self.client.post(self.path, {}).content.decode())


class TakingATable(TablesOfAShop):
    def test_changes_what_was_looked_at(self) -> None:
        packed = self.seen(self.look("number,question,answer\n2,包邮吗,全场包邮\n,有发票吗,有\n"))
        page = self.submit(self.path, seen=packed)
        self.assertIn("1 new, 1 changed, 0 as they were, 0 removed.", page)
        self.assertEqual(self.now(), [(1, "发什么快递", "顺丰"), (2, "包邮吗", "全场包邮"), (3, "有发票吗", "有")])
        said = told(LogEntry.objects.filter(object_id=str(self.shop.pk)))
        self.assertEqual(said, ["1 new, 1 changed, 0 as they were, 0 removed."])

    def test_removes_the_others_where_that_was_looked_at(self) -> None:
        packed = self.seen(self.look("number,question,answer\n2,包邮吗,包邮\n", remove="on"))
        self.submit(self.path, seen=packed)
        self.assertEqual(self.now(), [(2, "包邮吗", "包邮")])

    def test_twice_is_done_once(self) -> None:
        packed = self.seen(self.look("question,answer\n有发票吗,有\n"))
        self.submit(self.path, seen=packed)
        page = self.client.post(self.path, {"seen": packed}).content.decode()
        self.assertIn("perhaps you with a second click", page)
        self.assertEqual(len(self.now()), 3)

    def test_that_somebody_else_has_changed_meanwhile_is_refused(self) -> None:
        packed = self.seen(self.look("number,question,answer\n2,包邮吗,全场包邮\n"))
        self.shop.faqs.filter(number=2).update(answer="不包邮")
        self.assertIn("Somebody has changed the questions", self.refusal(self.path, seen=packed))
        self.assertEqual(self.now()[1], (2, "包邮吗", "不包邮"))

    def test_removes_nothing_that_was_not_looked_at(self) -> None:
        packed = self.seen(self.look("number,question,answer\n2,包邮吗,包邮\n"))
        self.submit(self.path, seen=packed, remove="on")
        self.assertEqual(len(self.now()), 2)

    def test_is_a_matter_of_who_looked_at_it_for_which_shop_and_when(self) -> None:
        packed = self.seen(self.look("question,answer\n有发票吗,有\n"))
        other = self.world.shop("dev18", 18, {})
        self.assertIn("Choose the file again.", self.refusal(f"/admin/robots/shop/{other.pk}/import/", seen=packed))
        self.clerk(*QUESTIONS)
        self.assertIn("Choose the file again.", self.refusal(self.path, seen=packed))
        self.client.force_login(self.staff)
        with patch("time.time", return_value=1.0):
            old = self.seen(self.look("question,answer\n有发票吗,有\n"))
        self.assertIn("Choose the file again.", self.refusal(self.path, seen=old))
        self.assertEqual(len(self.now()), 2)

    def test_that_nobody_looked_at_is_refused(self) -> None:
        before = self.now()
        self.assertIn("Choose the file again.", self.client.post(self.path, {"seen": "made-up"}).content.decode())
        self.assertEqual(self.now(), before)


class WhoMayTakeTables(TablesOfAShop):
    def status(self, user: Any, *wanted: str) -> tuple[int, int]:
        """What somebody with these permissions gets of the page and of the questions."""
        user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
        return self.client.get(self.path).status_code, self.client.get(self.questions).status_code

    @property
    def questions(self) -> str:
        return self.path.replace("import/", "questions.csv")

    def test_may_change_the_shop_and_its_questions(self) -> None:
        clerk = self.clerk()
        for wanted, status in (
            ((), (403, 403)),
            (("view_shop",), (403, 403)),
            (("view_shop", "view_faq"), (403, 200)),
            (("view_shop", "change_shop"), (403, 403)),
            (("view_shop", "view_faq", "add_faq", "change_faq"), (403, 200)),
            (("view_shop", "change_shop", "view_faq", "change_faq"), (403, 200)),
            (QUESTIONS, (200, 200)),
        ):
            with self.subTest(wanted):
                self.assertEqual(self.status(clerk, "see_everything", *wanted), status)

    def test_works_for_the_shop(self) -> None:
        clerk = self.clerk(*QUESTIONS, everything=False)
        self.assertEqual(self.status(clerk, *QUESTIONS), (404, 404))
        file = SimpleUploadedFile("q.csv", "question,answer\n有发票吗,有\n".encode())
        self.assertEqual(self.client.post(self.path, {"file": file}).status_code, 404)
        Membership.objects.create(user=clerk, shop=self.shop)
        self.assertEqual(self.status(clerk, *QUESTIONS), (200, 200))

    def test_removes_questions_with_the_right_to_delete_them(self) -> None:
        packed = self.seen(self.look("number,question,answer\n2,包邮吗,包邮\n", remove="on"))
        self.clerk(*QUESTIONS)
        page = self.look("number,question,answer\n2,包邮吗,包邮\n", remove="on")
        self.assertNotIn('name="remove"', page)
        self.submit(self.path, seen=self.seen(page))
        self.assertEqual(len(self.now()), 2)
        self.assertIn("Choose the file again.", self.refusal(self.path, seen=packed))

    def test_finds_the_page_from_the_shops(self) -> None:
        shop = self.path.replace("import/", "change/")
        self.assertIn(self.path, self.page(shop))
        self.clerk("view_shop", "change_shop", "view_faq")
        self.assertNotIn(self.path, self.page(shop))


class TakingAlong(TablesOfAShop):
    def test_is_offered_to_whoever_may_see_the_questions(self) -> None:
        shop, file = self.path.replace("import/", "change/"), self.path.replace("import/", "questions.xlsx")
        self.clerk("view_shop", "view_faq")
        self.assertIn(f'href="{file}"', self.page(shop))

    def test_is_offered_to_nobody_else(self) -> None:
        self.clerk("view_shop")
        self.assertNotIn("questions.xlsx", self.page(self.path.replace("import/", "change/")))

    def test_gives_a_file_that_changes_nothing_when_it_comes_back(self) -> None:
        for kind in ("csv", "xlsx"):
            with self.subTest(kind):
                answer = self.client.get(self.path.replace("import/", f"questions.{kind}"))
                self.assertIn(f"questions-17.{kind}", answer.headers["Content-Disposition"])
                page = self.client.post(self.path, {"file": SimpleUploadedFile(f"q.{kind}", answer.content)})
                self.assertIn("0 new, 0 changed, 2 as they were, 0 removed.", page.content.decode())

    def test_in_another_format_is_not_to_be_had(self) -> None:
        self.assertEqual(self.client.get(self.path.replace("import/", "questions.exe")).status_code, 404)
