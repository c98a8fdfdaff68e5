"""A shop's questions from and into tables, on the admin's pages: seen first, changed then."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.admin_case import AdminTest


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
        self.assertIn("<del>发什么快递</del>", page)
        self.assertEqual(self.now(), before)

    def test_shows_markup_as_text(self) -> None:
        self.assertNotIn("<script>alert", self.look("question,answer\n<script>alert(1)</script>,x\n"))

    def test_names_the_rows_that_are_wrong_and_offers_no_button(self) -> None:
        page = self.look("question,answer\n,有\n")
        self.assertIn("Row 2:", page)
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

    def test_removes_the_others_where_that_was_looked_at(self) -> None:
        packed = self.seen(self.look("number,question,answer\n2,包邮吗,包邮\n", remove="on"))
        self.submit(self.path, seen=packed, remove="on")
        self.assertEqual(self.now(), [(2, "包邮吗", "包邮")])

    def test_that_nobody_looked_at_is_refused(self) -> None:
        before = self.now()
        self.assertIn("Choose the file again.", self.client.post(self.path, {"seen": "made-up"}).content.decode())
        self.assertEqual(self.now(), before)

    def test_needs_the_right_to_change_the_shop(self) -> None:
        self.clerk("view_shop")
        self.assertEqual(self.client.get(self.path).status_code, 403)
        self.assertEqual(self.client.get(self.path.replace("import/", "questions.csv")).status_code, 200)


class TakingAlong(TablesOfAShop):
    def test_gives_a_file_that_changes_nothing_when_it_comes_back(self) -> None:
        for kind in ("csv", "xlsx"):
            with self.subTest(kind):
                answer = self.client.get(self.path.replace("import/", f"questions.{kind}"))
                self.assertIn(f"questions-17.{kind}", answer.headers["Content-Disposition"])
                page = self.client.post(self.path, {"file": SimpleUploadedFile(f"q.{kind}", answer.content)})
                self.assertIn("0 new, 0 changed, 2 as they were, 0 removed.", page.content.decode())

    def test_in_another_format_is_not_to_be_had(self) -> None:
        self.assertEqual(self.client.get(self.path.replace("import/", "questions.exe")).status_code, 404)
