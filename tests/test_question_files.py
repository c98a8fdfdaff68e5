"""Files with a shop's questions, as the programs of shops' people write them, and as nobody's should."""

import zipfile

from django.test import SimpleTestCase
from django.utils.translation import override
from openpyxl import Workbook

from robots import rows, tables, workbooks
from tests.workbook import cells, made, saved, workbook

COMMA = "question,answer\n"


class FilesTest(SimpleTestCase):
    def setUp(self) -> None:
        language = override("en")
        language.__enter__()
        self.addCleanup(language.__exit__, None, None, None)

    def texts(self, name: str, content: bytes) -> list[list[str]]:
        """What the rows of a file say, column by column, behind the numbers of row and question."""
        return [list(row[2:]) for row in tables.read(name, content)]

    def answers(self, *cells: object, **formats: str) -> list[str]:
        """What the cells of an Excel file are read as."""
        book = Workbook()
        book.active.append(["question", "answer"])
        for place, cell in enumerate(cells):
            book.active.append([f"q{place}", cell])
            book.active.cell(place + 2, 2).number_format = formats.get(f"q{place}", "General")
        return [answer for _question, answer in self.texts("q.xlsx", saved(book))]

    def refusal(self, name: str, content: bytes) -> str:
        with self.assertRaises(rows.Unreadable) as caught:
            tables.read(name, content)
        return str(caught.exception)


class ATextFile(FilesTest):
    def test_is_read_in_the_encodings_that_excel_writes(self) -> None:
        text = "问题,答案\n有发票吗,有\n"
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            with self.subTest(encoding):
                self.assertEqual(self.texts("问题.csv", text.encode(encoding)), [["有发票吗", "有"]])
        self.assertIn("encoding", self.refusal("q.csv", b"\xff\xff\xff\xff"))
        self.assertIn("encoding", self.refusal("q.csv", "question,answer\n".encode("utf-16-be")))

    def test_may_part_its_cells_by_semicolons_or_tabs(self) -> None:
        for text in ("question;answer\na, b;c\n", "question\tanswer\na, b\tc\n", "sep=;\nquestion;answer\na, b;c\n"):
            with self.subTest(text):
                self.assertEqual(self.texts("q.csv", text.encode()), [["a, b", "c"]])

    def test_has_cells_of_several_lines_and_rows_of_none(self) -> None:
        table = tables.read("q.csv", b'question,answer\r\n\r\na,"one\r\ntwo"\r\n,\r\nb,c\r\n')
        self.assertEqual([(row["row"], row["answer"]) for row in table.dict], [(3, "one\ntwo"), (5, "c")])

    def test_says_where_a_quotation_mark_is_wrong(self) -> None:
        for text in ('a,"b\nc,d\n', 'a,"b" c\n', 'a,"' + "b" * 200_000):
            with self.subTest(text[:9]):
                self.assertIn("Row 2: a quotation mark", self.refusal("q.csv", (COMMA + text).encode()))

    def test_says_which_text_has_no_heading(self) -> None:
        said = self.texts("q.csv", (COMMA + "a,b\n包邮吗,满 99 元，包邮,偏远地区除外\n").encode())[1][1]
        self.assertIsInstance(said, tables.Fault)
        self.assertIn("“偏远地区除外” stands in column C, which has no heading.", said)
        self.assertIn("quotation marks", said)

    def test_that_is_an_excel_file_in_truth_is_read_as_one(self) -> None:
        self.assertEqual(self.texts("q.csv", workbook(["question", "answer"], ["a", "b"])), [["a", "b"]])


class Headings(FilesTest):
    def test_stand_in_any_order_in_either_language(self) -> None:
        table = tables.read("q.csv", "答案, Question ,编号\n有,有发票吗,7\n".encode())
        self.assertEqual(dict(table.dict[0]), {"row": 2, "answer": "有", "question": "有发票吗", "number": "7"})

    def test_may_stand_below_a_title(self) -> None:
        table = tables.read("q.xlsx", workbook(["小店的问题"], [], ["问题", "答案"], ["有发票吗", "有"]))
        self.assertEqual(table["row"], [4])

    def test_may_have_empty_columns_between_and_behind_them(self) -> None:
        content = workbook(["question", None, "answer", "", ""], ["a", None, "b", None, ""])
        self.assertEqual(self.texts("q.xlsx", content), [["a", "b"]])
        self.assertEqual(self.texts("q.csv", b"question,,answer,,\na,,b,,\n"), [["a", "b"]])


class ACellOfExcel(FilesTest):
    def test_is_read_as_it_is_shown(self) -> None:
        self.assertEqual(
            self.answers(15, 15.0, 0.1 + 0.2, 13800138000, True), ["15", "15", "0.3", "13800138000", "TRUE"]
        )
        formats = {"q0": "0%", "q1": "0.00", "q2": '"¥"#,##0.00', "q3": "000", "q4": '0"件起"', "q5": "0.0E+0"}
        self.assertEqual(
            self.answers(0.85, 99, 1299, 7, 3, 15, **formats), ["85%", "99.00", "¥1,299.00", "007", "3件起", "15"]
        )

    def test_with_a_day_or_a_time_is_read_as_it_is_shown(self) -> None:
        formats = {"q0": "yyyy/m/d", "q1": 'm"月"d"日"', "q2": "h:mm", "q3": "yyyy-mm-dd hh:mm:ss", "q4": "[h]:mm"}
        shown = ["2026/11/11", "11月11日", "9:00", "2026-11-11 18:05:00", "36:00"]
        self.assertEqual(self.answers(46337, 46337, 0.375, 46337.75347222, 1.5, **formats), shown)

    def test_with_a_format_that_only_a_chinese_excel_knows_is_a_day(self) -> None:
        styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="58"/><xf numFmtId="31"/></cellXfs>'
        row = '<row>{}<c s="{}"><v>46337</v></c></row>'
        content = made(row.format(cells("a"), 1) + row.format(cells("b"), 2), styles=styles)
        self.assertEqual(self.texts("q.xlsx", content), [["a", "11月11日"], ["b", "2026年11月11日"]])

    def test_in_parts_of_several_fonts_is_one_text(self) -> None:
        strings = "<si><r><t>包</t></r><r><t>邮</t></r><rPh><t>bao</t></rPh></si><si><t>_x4E00__x000D_&#10;二</t></si>"
        content = made('<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>', strings=strings)
        self.assertEqual(self.texts("q.xlsx", content), [["包邮", "一\n二"]])

    def test_with_a_formula_is_its_result_or_says_what_is_missing(self) -> None:
        result = f'<row>{cells("a")}<c t="str"><f>1&amp;2</f><v>12</v></c></row>'
        none = f"<row>{cells('b')}<c><f>1+1</f></c></row>"
        wrong = f'<row>{cells("c")}<c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        picture = f'<row>{cells("d")}<c t="str"><f>x</f><v>=DISPIMG("ID_1",1)</v></c></row>'
        first, *others = tables.read("q.xlsx", made(result + none + wrong + picture))["answer"]
        self.assertEqual(first, "12")
        for cell, said in zip(others, ("formula", "#DIV/0!", "picture"), strict=True):
            self.assertIsInstance(cell, tables.Fault)
            self.assertIn(said, cell)

    def test_merged_over_several_rows_stands_in_each(self) -> None:
        book = Workbook()
        for row in (["question", "answer"], ["a", "same"], ["b", None], ["c", None], ["d", "other"]):
            book.active.append(row)
        book.active.merge_cells("B2:B4")
        self.assertEqual([answer for _question, answer in self.texts("q.xlsx", saved(book))], [*["same"] * 3, "other"])

    def test_in_the_sheet_that_was_open_counts_alone(self) -> None:
        book = Workbook()
        book.active.append(["notes"])
        book.active = book.create_sheet()
        book.active.append(["question", "answer"])
        book.active.append(["a", "b"])
        self.assertEqual(self.texts("q.xlsx", saved(book)), [["a", "b"]])


class AFileThatIsNoTable(FilesTest):
    def test_is_told_what_to_do(self) -> None:
        old = workbooks.OLD + bytes(512)
        for name, content, said in (
            ("q.xls", old, "old Excel"),
            ("q.xlsx", old, "old Excel"),
            ("q.xlsx", old + workbooks.LOCKED, "password"),
            ("q.xlsx", b"question,answer\n", "no Excel file"),
            ("q.xlsx", workbook(["question", "answer"], ["a", "b"])[:-200], "no Excel file"),
            ("q.ods", b"PK\x03\x04", "Only CSV and Excel"),
        ):
            with self.subTest(said, name=name):
                self.assertIn(said, self.refusal(name, content))

    def test_has_no_entities_and_no_packing_of_another_kind(self) -> None:
        entity = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        outside = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
        for content in (
            made(f"<row>{cells('q', '&b;')}</row>", before=entity),
            made(f"<row>{cells('q', '&a;')}</row>", before=outside),
            made("", packing=zipfile.ZIP_BZIP2),
            made("", packing=zipfile.ZIP_LZMA),
            made("", part="xl/worksheets/../../../sheet1.xml"),
        ):
            self.assertIn("no Excel file", self.refusal("q.xlsx", content))


class AFileThatIsMadeToBeLarge(FilesTest):
    """None of these takes more than about a second, nor more memory than what is read at most."""

    def test_once_it_is_unpacked_is_refused(self) -> None:
        large = "a" * workbooks.LARGEST_UNPACKED
        for content in (made(f"<row>{cells('q', large)}</row>"), made("", strings=f"<si><t>{large}</t></si>")):
            self.assertLess(len(content), 100_000)
            self.assertIn("too large once it is unpacked", self.refusal("q.xlsx", content))

    def test_with_more_cells_that_are_only_formatted_than_are_of_use_is_refused(self) -> None:
        rows = "".join(f'<row r="{n}" s="1"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(2, 300_000))
        self.assertIn("too large once it is unpacked", self.refusal("q.xlsx", made(rows)))

    def test_by_one_tag_is_refused(self) -> None:
        attributes = " ".join(f"a{n}='1'" for n in range(50_000))
        long = f"<x {attributes}/>"
        self.assertIn("no Excel file", self.refusal("q.xlsx", made("", behind=long)))
        short = made(f"<row>{cells('a', 'b')}</row>", behind="<x a='1'/>" * 50_000)
        self.assertEqual(self.texts("q.xlsx", short), [["a", "b"]])

    def test_for_a_million_rows_or_sixteen_thousand_columns_is_read(self) -> None:
        rows = f'<row r="2">{cells("a", "b")}<c r="XFD2" s="1"/></row><row r="1048576"><c r="XFD1048576"/></row>'
        self.assertEqual(self.texts("q.xlsx", made(rows)), [["a", "b"]])

    def test_beyond_what_excel_has_is_refused(self) -> None:
        self.assertIn("more rows than Excel", self.refusal("q.xlsx", made('<row r="1048577"/>')))
        self.assertIn("more columns than Excel", self.refusal("q.xlsx", made('<row r="2"><c r="XFE2"/></row>')))
        self.assertIn("more columns than Excel", self.refusal("q.csv", (COMMA + "," * 16_384).encode()))
        self.assertIn("more rows than Excel", self.refusal("q.csv", (COMMA + "\n" * 1_048_576).encode()))

    def test_by_one_long_text_in_many_cells_is_refused(self) -> None:
        row = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'
        content = made(row * 1000, strings=f"<si><t>{'a' * 30_000}</t></si>")
        self.assertIn("letters", self.refusal("q.xlsx", content))

    def test_by_one_text_merged_over_many_rows_is_refused(self) -> None:
        one = f'<row r="2">{cells("a" * 30_000, "b")}</row>'
        others = "".join(f'<row r="{n}"><c/>{cells("b")}</row>' for n in range(3, 1000))
        merged = '<mergeCells><mergeCell ref="A2:A1000"/></mergeCells>'
        self.assertIn("letters", self.refusal("q.xlsx", made(one + others, behind=merged)))
