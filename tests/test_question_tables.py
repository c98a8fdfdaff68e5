"""A shop's questions as CSV and Excel: what goes out comes in again, and what is wrong is said by row."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from import_export.results import Result
from openpyxl import load_workbook
from tablib import Dataset

from robots import rows, tables
from robots.models import Faq
from robots.resources import Changed, FaqResource
from tests.workbook import cells, made, workbook
from tests.world import World

ODD = (
    "=1+1",
    "+86 138",
    "-5 度能穿吗",
    "@客服",
    "\t=1",
    "'=1",
    "''+1",
    "'quoted'",
    "＝1",
    "007",
    "1-2",
    "2026-11-11",
    "1e5",
    "TRUE",
    "_x000D_",
    "a_x0041_b",
    'say "hi", he said',
    "one\ntwo\r\nthree\rfour",
    " around ",
    "\x0b\x01",
    "\ufffe",
    "😀",
    "<b>&amp;",
)
"""Texts that programs for tables take for something else."""


class TablesTest(TestCase):
    def setUp(self) -> None:
        language = override("en")
        language.__enter__()
        self.addCleanup(language.__exit__, None, None, None)
        self.world = World("default")
        self.shop = self.world.shop("dev17", 17, {1: ("发什么快递", "顺丰"), 2: ("包邮吗", "满 99 元包邮")})

    def take(self, text: str, *, remove: bool = False, look: bool = False) -> Result:
        table = tables.read("q.csv", text.encode())
        return FaqResource(self.shop, remove=remove).import_data(table, dry_run=look)

    def kinds(self, result: Result) -> list[str]:
        return [row.import_type for row in result]

    def written(self, kind: str) -> bytes:
        """The shop's questions as a file."""
        return tables.FORMATS[kind].written(FaqResource(self.shop).export())

    def now(self) -> list[tuple[int, str, str]]:
        return list(self.shop.faqs.values_list("number", "question", "answer"))

    def assert_unreadable(self, name: str, content: bytes, said: str) -> None:
        with self.assertRaises(rows.Unreadable) as caught:
            FaqResource(self.shop).import_data(tables.read(name, content), dry_run=True)
        self.assertIn(said, str(caught.exception))


class ATable(TablesTest):
    def test_that_was_written_changes_nothing_when_it_is_read(self) -> None:
        Faq.objects.filter(number=2).update(phrasings="邮费谁出\n要运费吗", keywords="包邮", enabled=False)
        before = list(self.shop.faqs.values())
        for kind in ("csv", "xlsx"):
            for language in ("en", "zh-hans"):
                with self.subTest(kind=kind, language=language), override(language):
                    table = tables.read(f"questions.{kind}", self.written(kind))
                    result = FaqResource(self.shop, remove=True).import_data(table)
                    self.assertEqual(self.kinds(result), ["skip", "skip"])
                    self.assertEqual(list(self.shop.faqs.values()), before)

    def test_that_was_written_keeps_every_text(self) -> None:
        Faq.objects.bulk_create(
            Faq(shop=self.shop, number=n, question=text, answer=text, phrasings=text, keywords=text, exclusions=text)
            for n, text in enumerate(ODD, 3)
        )
        Faq.objects.filter(number=2).update(number=2**31 - 1)
        for kind in ("csv", "xlsx"):
            with self.subTest(kind=kind):
                table = tables.read(f"q.{kind}", self.written(kind))
                result = FaqResource(self.shop, remove=True).import_data(table, dry_run=True)
                self.assertEqual([row.diff for row in result if not row.is_skip()], [])
                other = self.world.shop(f"new{kind}", 18, {}) if kind == "csv" else self.world.shop("other", 19, {})
                FaqResource(other, remove=True).import_data(table)
                texts = {text.replace("\r\n", "\n").replace("\r", "\n").strip() for text in ODD}
                self.assertLessEqual(texts, set(other.faqs.values_list("answer", flat=True)))

    def test_that_was_written_runs_nothing_in_a_program_for_tables(self) -> None:
        self.shop.faqs.all().delete()
        Faq.objects.bulk_create(
            Faq(shop=self.shop, number=n, question=text, answer=text) for n, text in enumerate(ODD, 1)
        )
        for row in csv.reader(io.StringIO(self.written("csv").decode("utf-8-sig"), newline="")):
            for cell in row:
                self.assertNotRegex(cell, r"^[=+\-@\t\r\n＝＋－＠]")
        sheet = load_workbook(io.BytesIO(self.written("xlsx"))).active
        assert sheet is not None
        for row in sheet.iter_rows(min_row=2, min_col=2, max_col=6):
            self.assertNotIn("f", {cell.data_type for cell in row})
            self.assertEqual({cell.number_format for cell in row}, {"@"})

    def test_changes_questions_by_their_numbers_and_adds_the_others(self) -> None:
        result = self.take("number,question,answer\n2,包邮吗,全场包邮\n,有发票吗,有\n")
        self.assertEqual(self.kinds(result), ["update", "new"])
        self.assertEqual(self.now(), [(1, "发什么快递", "顺丰"), (2, "包邮吗", "全场包邮"), (3, "有发票吗", "有")])

    def test_leaves_alone_the_columns_it_has_not(self) -> None:
        Faq.objects.filter(number=1).update(phrasings="用哪家快递", enabled=False)
        self.take("编号,问题,答案\n1,发什么快递,中通\n")
        changed = self.shop.faqs.get(number=1)
        self.assertEqual((changed.answer, changed.phrasings, changed.enabled), ("中通", "用哪家快递", False))

    def test_removes_the_others_if_that_is_wanted(self) -> None:
        result = self.take("number,question,answer\n2,包邮吗,包邮\n", remove=True)
        self.assertEqual([row.object_repr for row in result if row.is_delete()], ["发什么快递"])
        self.assertEqual(self.now(), [(2, "包邮吗", "包邮")])

    def test_that_is_only_looked_at_changes_nothing(self) -> None:
        before = self.now()
        result = self.take("number,question,answer\n2,包邮吗,全场包邮\n,有发票吗,有\n", remove=True, look=True)
        self.assertEqual(self.kinds(result), ["update", "new", "delete"])
        changed, new, removed = result
        self.assertEqual((changed.name, changed.number), ("2. 包邮吗", 2))
        self.assertEqual(changed.diff, [("answer", "<del>满 99 元</del><ins>全场</ins>包邮")])
        self.assertEqual((new.name, new.number), ("3. 有发票吗", 3))
        self.assertEqual(new.diff, [("answer", "<ins>有</ins>")])
        self.assertEqual(removed.object_repr, "发什么快递")
        self.assertEqual(self.now(), before)

    def test_leaves_enabled_what_says_nothing_of_it(self) -> None:
        Faq.objects.filter(number=1).update(enabled=False)
        result = self.take(
            "number,question,answer,enabled\n1,发什么快递,顺丰,\n2,包邮吗,满 99 元包邮,否\n,有发票吗,有,\n"
        )
        self.assertEqual(self.kinds(result), ["skip", "update", "new"])
        self.assertEqual(list(self.shop.faqs.values_list("enabled", flat=True)), [False, False, True])

    def test_takes_numbers_as_excel_has_them(self) -> None:
        result = self.take('number,question,answer\n2.0,包邮吗,满 99 元包邮\n"1,000",有发票吗,有\n')
        self.assertEqual(self.kinds(result), ["skip", "new"])
        self.assertEqual(self.shop.faqs.last().number, 1000)  # type: ignore[union-attr]

    def test_numbers_new_questions_where_the_last_number_is_taken(self) -> None:
        Faq.objects.filter(number=2).update(number=2**31 - 1)
        self.take("question,answer\n有发票吗,有\n几天到,三天\n")
        self.assertEqual(sorted(self.shop.faqs.values_list("number", flat=True)), [1, 2, 3, 2**31 - 1])

    def test_changes_nothing_of_another_shop(self) -> None:
        other = self.world.shop("dev18", 18, {1: ("发什么快递", "中通"), 9: ("有大码吗", "有")})
        before = list(other.faqs.values())
        self.take("number,question,answer\n9,有大码吗,没有\n1,发什么快递,顺丰\n", remove=True)
        self.assertEqual(self.now(), [(1, "发什么快递", "顺丰"), (9, "有大码吗", "没有")])
        self.assertEqual(list(other.faqs.values()), before)

    def test_is_refused_where_the_shop_has_changed_since_it_was_looked_at(self) -> None:
        table = tables.read("q.csv", "question,answer\n有发票吗,有\n".encode())
        self.shop.refresh_from_db()
        seen = self.shop.version
        FaqResource(self.shop).import_data(table, seen=seen)
        with self.assertRaises(Changed):
            FaqResource(self.shop).import_data(table, seen=seen)
        self.assertEqual(len(self.now()), 3)

    def test_tells_the_robots(self) -> None:
        before = self.shop.version
        self.take("question,answer\n有发票吗,有\n")
        self.shop.refresh_from_db()
        self.assertNotEqual(self.shop.version, before)


class ARowThatIsWrong(TablesTest):
    def wrong(self, text: str) -> list[tuple[int, str]]:
        """The rows of a table that are wrong, with what is said of them; nothing is changed."""
        before = self.now()
        errors = [(row.number, " ".join(row.faults)) for row in self.take(text) if row.is_invalid()]
        self.assertEqual(self.now(), before)
        return errors

    def test_is_named_and_nothing_is_changed(self) -> None:
        (empty, missing), (long, both) = self.wrong(
            f"number,question,answer,enabled\n1,,顺丰,1\n\n2,包邮吗,是,1\n4,{'长' * 201},有,vielleicht\n"
        )
        self.assertEqual((empty, long), (2, 5))
        self.assertIn("question: ", missing)
        self.assertIn("question: ", both)
        self.assertIn("enabled: ", both)

    def test_holds_more_letters_than_the_pages_would_take(self) -> None:
        for column, most in (("answer", 2000), ("phrasings", 10_000), ("keywords", 2000), ("exclusions", 2000)):
            with self.subTest(column):
                headings = dict.fromkeys(("question", "answer", column), "有")
                headings[column] = "长" * (most + 1)
                ((_row, said),) = self.wrong(f"{','.join(headings)}\n{','.join(headings.values())}\n")
                self.assertIn(f"{most} characters", said)

    def test_has_a_number_that_is_none(self) -> None:
        wrong = self.wrong("number,question,answer\n7,a,b\nx,c,d\n0,e,f\n2147483648,g,h\n,i,j\n")
        self.assertEqual(
            wrong,
            [
                (row, f"question number: {number} is no question number.")
                for row, number in ((3, "x"), (4, "0"), (5, "2147483648"))
            ],
        )

    def test_has_the_number_of_another_row(self) -> None:
        wrong = self.wrong("number,question,answer\n7,a,b\n7,c,d\n,,x\n7,e,f\n2,g,\n")
        self.assertEqual(
            [(row, said) for row, said in wrong if "7" in said],
            [(row, f"question number: The number 7 stands in row 2 and in row {row}.") for row in (3, 5)],
        )
        self.assertEqual([row for row, _said in wrong], [3, 4, 5, 6])

    def test_has_more_cells_than_headings(self) -> None:
        wrong = self.wrong("question,answer\na,b,c\nd,\ne,f,,g\n")
        self.assertEqual([row for row, _said in wrong], [2, 3, 4])
        self.assertIn("answer: “c” stands in column C, which has no heading. In a CSV file", wrong[0][1])
        self.assertEqual(wrong[2][1], "answer: “g” stands in column D, which has no heading.")

    def test_has_a_cell_that_excel_could_not_fill(self) -> None:
        wrong = f'<c t="e"><v>#N/A</v></c>{cells("q")}<c t="e"><v>#REF!</v></c>'
        headings = f"<row>{cells('number', 'question', 'answer')}</row>"
        content = made(f"<row>{wrong}</row>", headings=headings)
        (row,) = FaqResource(self.shop).import_data(tables.read("q.xlsx", content))
        self.assertEqual(row.faults, ["question number: Excel shows #N/A here.", "answer: Excel shows #REF! here."])

    def test_repeats_a_question_of_the_file_or_of_the_shop(self) -> None:
        (first, file), (second, shop) = self.wrong("question,answer\n有发票吗,有\n 有发票吗？,没有\n包邮吗?,包邮\n")
        self.assertEqual((first, second), (3, 4))
        self.assertIn("row 2", file)
        self.assertIn("number, 2,", shop)

    def test_through_no_fault_of_its_own_is_no_row_that_is_wrong(self) -> None:
        table = Dataset((2, "", "q", 7), headers=["row", "number", "question", "answer"])
        with self.assertRaises(TypeError):
            FaqResource(self.shop).import_data(table)

    def test_may_repeat_what_the_shop_repeats_already(self) -> None:
        Faq.objects.create(shop=self.shop, number=3, question="包邮吗", answer="不包邮", position=9)
        table = tables.read("q.csv", self.written("csv"))
        self.assertEqual(self.kinds(FaqResource(self.shop, remove=True).import_data(table)), ["skip"] * 3)

    def test_may_swap_questions_with_another(self) -> None:
        result = self.take("number,question,answer\n2,发什么快递,顺丰\n1,包邮吗,包邮\n")
        self.assertEqual(self.kinds(result), ["update", "update"])

    def test_beside_a_removal_keeps_everything(self) -> None:
        before = self.now()
        self.assertTrue(self.take("number,question,answer\n9,,有\n", remove=True).has_validation_errors())
        self.assertEqual(self.now(), before)


class WhatIsNoTable(TablesTest):
    def test_is_refused_with_the_reason(self) -> None:
        for name, content, said in (
            ("q.txt", b"", "Only CSV and Excel"),
            ("q.xlsx", workbook(), "missing"),
            ("q.csv", b"", "missing"),
            ("q.csv", b"question,answer,price\n", "no such column: price"),
            ("q.csv", b"question\n", "missing: answer"),
            ("q.csv", b"question,question,answer\n", "twice"),
            ("q.csv", b"question,answer\n", "no rows"),
            ("q.xlsx", workbook(["question", "answer"], [None, ""]), "no rows"),
            ("q.csv", b"question,answer\n" + b"a,b\n" * 2001, "2000"),
            ("q.csv", b"question,answer\n" + b"a,b\n" * 1999, "2000"),
            ("q.csv", b"a" * (tables.LARGEST_FILE + 1), "12 MB"),
        ):
            with self.subTest(said, name=name):
                self.assert_unreadable(name, content, said)


class TheCommand(TablesTest):
    def run_with(self, content: bytes, *options: str) -> str:
        out = io.StringIO()
        with TemporaryDirectory() as folder:
            file = Path(folder) / "questions.csv"
            file.write_bytes(content)
            try:
                call_command("import_faqs", str(file), f"--shop={self.shop.number}", *options, stdout=out, stderr=out)
            except CommandError as error:
                out.write(f"failed: {error}")
        return out.getvalue()

    def test_reads_a_file_into_the_shop_of_a_number_and_names_it(self) -> None:
        said = self.run_with("question,answer\n有发票吗,有\n".encode(), "--language=en")
        self.assertEqual(said, "dev17 (a test's app, 17): 1 new, 0 changed, 0 as they were, 0 removed.\n")
        self.assertEqual(len(self.now()), 3)

    def test_only_looks_if_asked_to(self) -> None:
        said = self.run_with("question,answer\n有发票吗,有\n".encode(), "--language=en", "--only-look")
        self.assertIn("1 new", said)
        self.assertEqual(len(self.now()), 2)

    def test_says_in_one_language_which_rows_are_wrong_and_fails(self) -> None:
        wrong = "number,question,answer\n-1,有发票吗,有\n".encode()
        english, chinese = self.run_with(wrong, "--language=en"), self.run_with(wrong)
        self.assertRegex(english, "^Row 2: [^一-龥]+\nfailed: Nothing was changed.$")
        self.assertRegex(chinese, "^第 2 行：[^A-Za-z]+\nfailed: 没有任何修改。$")
        self.assertEqual(len(self.now()), 2)

    def test_of_a_number_that_no_shop_has_fails(self) -> None:
        self.assertNotEqual(self.shop.pk, self.shop.number)
        with self.assertRaisesRegex(CommandError, f"no shop of the number {self.shop.pk}"):
            call_command("import_faqs", "x.csv", f"--shop={self.shop.pk}", "--language=en")

    def test_of_a_number_in_several_apps_asks_for_the_app(self) -> None:
        other = World("default")
        other.shop("other17", 17, {})
        file = "question,answer\n有发票吗,有\n".encode()
        said = self.run_with(file, "--language=en")
        self.assertIn(f"--app {other.appid}  a test's app: other17", said)
        self.assertIn("other17 (a test's app, 17): 1 new", self.run_with(file, "--language=en", f"--app={other.appid}"))
        self.assertEqual(len(self.now()), 2)

    def test_of_a_file_that_is_not_there_fails(self) -> None:
        with self.assertRaisesRegex(CommandError, "nowhere.csv can't be read."):
            call_command("import_faqs", "nowhere.csv", f"--shop={self.shop.number}", "--language=en")


class ManyQuestions(TablesTest):
    def table(self, count: int, answer: str) -> Dataset:
        lines = ((n, str(n + 10), f"问题 {n}", answer) for n in range(1, count + 1))
        return Dataset(*lines, headers=["row", "number", "question", "answer"])

    def queries(self, table: Dataset, *, remove: bool = False) -> int:
        with CaptureQueriesContext(connection) as captured:
            FaqResource(self.shop, remove=remove).import_data(table)
        return len(captured)

    def test_are_looked_at_with_one_query(self) -> None:
        with self.assertNumQueries(1):
            FaqResource(self.shop, remove=True).import_data(self.table(2, "x"), dry_run=True)

    def test_are_written_and_removed_with_as_many_queries_as_few(self) -> None:
        few, many = (
            [
                self.queries(self.table(count, "有")),
                self.queries(self.table(count, "没有")),
                self.queries(self.table(0, ""), remove=True),
            ]
            for count in (1, 100)
        )
        self.assertEqual(many, few)
