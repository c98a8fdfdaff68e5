"""A shop's questions as CSV and Excel: what goes out comes in again, and what is wrong is said by row."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import tablib
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from robots import importing, tables
from robots.models import Faq
from tests.world import World


class TablesTest(TestCase):
    def setUp(self) -> None:
        language = override("en")
        language.__enter__()
        self.addCleanup(language.__exit__, None, None, None)
        self.world = World("default")
        self.shop = self.world.shop("dev17", 17, {1: ("发什么快递", "顺丰"), 2: ("包邮吗", "满 99 元包邮")})

    def take(self, text: str, *, remove: bool = False, only_look: bool = False) -> importing.Outcome:
        return importing.imported(self.shop, tables.read("q.csv", text.encode()), remove=remove, only_look=only_look)

    def now(self) -> list[tuple[int, str, str]]:
        return list(self.shop.faqs.values_list("number", "question", "answer"))

    def assert_unreadable(self, name: str, content: bytes, said: str) -> None:
        with self.assertRaises(tables.Unreadable) as caught:
            importing.imported(self.shop, tables.read(name, content), remove=False, only_look=True)
        self.assertIn(said, str(caught.exception))


class ATable(TablesTest):
    def test_that_was_written_changes_nothing_when_it_is_read(self) -> None:
        Faq.objects.filter(number=2).update(phrasings="邮费谁出\n要运费吗", keywords="包邮", enabled=False)
        before = list(self.shop.faqs.values())
        for kind in ("csv", "xlsx"):
            for language in ("en", "zh-hans"):
                with self.subTest(kind=kind, language=language), override(language):
                    table = tables.read(f"questions.{kind}", tables.written(self.shop, kind))
                    outcome = importing.imported(self.shop, table, remove=True, only_look=False)
                    self.assertEqual([line.kind for line in outcome.lines], ["skip", "skip"])
                    self.assertEqual(list(self.shop.faqs.values()), before)

    def test_changes_questions_by_their_numbers_and_adds_the_others(self) -> None:
        outcome = self.take("number,question,answer\n2,包邮吗,全场包邮\n,有发票吗,有\n")
        self.assertEqual([line.kind for line in outcome.lines], ["update", "new"])
        self.assertEqual(self.now(), [(1, "发什么快递", "顺丰"), (2, "包邮吗", "全场包邮"), (3, "有发票吗", "有")])

    def test_leaves_alone_the_columns_it_has_not(self) -> None:
        Faq.objects.filter(number=1).update(phrasings="用哪家快递", enabled=False)
        self.take("编号,问题,答案\n1,发什么快递,中通\n")
        changed = self.shop.faqs.get(number=1)
        self.assertEqual((changed.answer, changed.phrasings, changed.enabled), ("中通", "用哪家快递", False))

    def test_removes_the_others_if_that_is_wanted(self) -> None:
        outcome = self.take("number,question,answer\n2,包邮吗,包邮\n", remove=True)
        self.assertEqual(list(outcome.removed), ["发什么快递"])
        self.assertEqual(self.now(), [(2, "包邮吗", "包邮")])

    def test_that_is_only_looked_at_changes_nothing(self) -> None:
        before = self.now()
        outcome = self.take("number,question,answer\n2,包邮吗,全场包邮\n,有发票吗,有\n", remove=True, only_look=True)
        self.assertEqual([line.kind for line in outcome.lines], ["update", "new"])
        self.assertEqual(list(outcome.removed), ["发什么快递"])
        self.assertIn("<ins", outcome.lines[0].cells[2])
        self.assertEqual(self.now(), before)

    def test_from_a_chinese_excel_is_understood(self) -> None:
        table = tables.read("问题.csv", "问题,答案\n有发票吗,有\n".encode("gb18030"))
        self.assertEqual(table.dict, [{"question": "有发票吗", "answer": "有"}])

    def test_tells_the_robots(self) -> None:
        before = self.shop.version
        self.take("question,answer\n有发票吗,有\n")
        self.shop.refresh_from_db()
        self.assertNotEqual(self.shop.version, before)


class ARowThatIsWrong(TablesTest):
    def test_is_named_and_nothing_is_changed(self) -> None:
        before = self.now()
        outcome = self.take(f"number,question,answer,enabled\n1,,顺丰,1\n2,包邮吗,是,1\n4,{'长' * 201},有,vielleicht\n")
        self.assertEqual([line.number for line in outcome.errors], [2, 4])
        empty, long = (" ".join(line.errors) for line in outcome.errors)
        self.assertIn("question", empty)
        self.assertIn("enabled", long)
        self.assertEqual(self.now(), before)

    def test_beside_a_removal_keeps_everything(self) -> None:
        before = self.now()
        self.assertTrue(self.take("number,question,answer\n9,,有\n", remove=True).errors)
        self.assertEqual(self.now(), before)


class WhatIsNoTable(TablesTest):
    def test_is_refused_with_the_reason(self) -> None:
        book = io.BytesIO()
        openpyxl.Workbook().save(book)
        for name, content, said in (
            ("q.txt", b"", "Only CSV and Excel"),
            ("q.xlsx", b"no workbook", "can't be read"),
            ("q.xlsx", book.getvalue(), "can't be read"),
            ("q.csv", b"", "missing"),
            ("q.csv", b"\xff\xff\xff\xff", "encoding"),
            ("q.csv", b"question,answer,price\n", "no such column: price"),
            ("q.csv", b"question\n", "missing: answer"),
            ("q.csv", b"question,question,answer\n", "twice"),
            ("q.csv", b"number,question,answer\n7,a,b\nx,c,d\n", "Row 3: x"),
            ("q.csv", b"number,question,answer\n7,a,b\n7,c,d\n", "number 7"),
            ("q.csv", b"question,answer\n" + b"a,b\n" * 2001, "2000"),
            ("q.csv", b"question,answer\n" + b"a,b\n" * 1999, "2000"),
            ("q.csv", b"a" * (tables.LARGEST_FILE + 1), "1.5 MB"),
        ):
            with self.subTest(said, name=name):
                self.assert_unreadable(name, content, said)


class TheCommand(TablesTest):
    def run_with(self, content: bytes, *options: str, **more: Any) -> str:
        out = io.StringIO()
        with TemporaryDirectory() as folder:
            file = Path(folder) / "questions.csv"
            file.write_bytes(content)
            call_command("import_faqs", str(file), f"--shop={self.shop.pk}", *options, stdout=out, stderr=out, **more)
        return out.getvalue()

    def test_reads_a_file_into_a_shop(self) -> None:
        said = self.run_with("question,answer\n有发票吗,有\n".encode())
        self.assertIn("1 new, 0 changed, 0 as they were, 0 removed", said)
        self.assertEqual(len(self.now()), 3)

    def test_says_which_rows_are_wrong_and_fails(self) -> None:
        with self.assertRaises(CommandError):
            self.run_with("question,answer\n,有\n".encode())
        self.assertEqual(len(self.now()), 2)

    def test_of_an_unknown_shop_fails(self) -> None:
        with self.assertRaisesRegex(CommandError, "no shop"):
            call_command("import_faqs", "x.csv", "--shop=999999")


class ManyQuestions(TablesTest):
    def queries(self, count: int) -> int:
        rows = tablib.Dataset(*([f"问题 {n}", "答案"] for n in range(count)), headers=["question", "answer"])
        with CaptureQueriesContext(connection) as captured:
            importing.imported(self.shop, rows, remove=False, only_look=True)
        return len(captured)

    def test_are_looked_at_with_as_many_queries_as_few(self) -> None:
        self.assertEqual(self.queries(100), self.queries(5))
