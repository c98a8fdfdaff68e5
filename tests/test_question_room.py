"""How much text a shop can hold, wherever it comes from, and that all of it goes into a file and comes back."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.serializers import ValidationError

from chat.doors import bodies
from robots import gaps, tables
from robots.api.questions import replace_questions
from robots.models import Faq, Shop
from robots.resources import FaqResource
from robots.rows import LARGEST_TEXT, MOST_QUESTIONS, Unreadable
from tests.gap_case import GapTest

LONGEST = 2000
"""Letters of an answer."""


class RoomTest(GapTest):
    def fill(self, shop: Shop, letter: str = "答", *, spare: int = 0) -> None:
        """The shop gets as many questions as it can hold, with as many letters but a few."""
        shop.faqs.all().delete()
        each = LARGEST_TEXT // MOST_QUESTIONS
        faqs = [Faq(shop=shop, number=n, position=n, question=f"{n:04}") for n in range(1, MOST_QUESTIONS + 1)]
        for faq in faqs:
            faq.answer = letter * (each - len(faq.question))
        faqs[0].answer = faqs[0].answer[spare:]
        Faq.objects.bulk_create(faqs)


class AFullShop(RoomTest):
    def at(self, page: str) -> str:
        return f"/admin/robots/shop/{self.shop.pk}/{page}"

    def test_gives_files_that_it_takes_back(self) -> None:
        for kind, letter in (("csv", "😀"), ("csv", '"'), ("xlsx", "😀"), ("xlsx", "\x01")):
            with self.subTest(kind=kind, letter=letter):
                self.fill(self.shop, letter)
                content = self.client.get(self.at(f"questions.{kind}")).content
                self.assertLessEqual(len(content) + bodies.ROOM, bodies.largest("POST", self.at("import/")))
                file = SimpleUploadedFile(f"q.{kind}", content)
                page = self.client.post(self.at("import/"), {"file": file}).content.decode()
                self.assertIn(f"0 new, 0 changed, {MOST_QUESTIONS} as they were, 0 removed.", page)

    def test_is_made_of_a_file_of_another(self) -> None:
        other = self.world.shop("dev18", 18, {})
        self.fill(other, "😀")
        content = tables.FORMATS["csv"].written(FaqResource(other).export())
        looked = self.client.post(
            self.at("import/"), {"file": SimpleUploadedFile("q.csv", content), "remove": "on"}
        ).content.decode()
        seen = looked.partition('name="seen" value="')[2].partition('"')[0]
        self.submit(self.at("import/"), seen=seen)
        self.assertEqual(self.shop.faqs.count(), MOST_QUESTIONS)

    def test_takes_no_more_from_a_file(self) -> None:
        self.fill(self.shop, spare=5)
        for letters, fits in ((LONGEST, False), (LARGEST_TEXT // MOST_QUESTIONS - 4, True)):
            table = tables.read("q.csv", f"number,question,answer\n1,0001,{'新' * letters}\n".encode())
            if fits:
                FaqResource(self.shop).import_data(table)
                continue
            with self.assertRaisesRegex(Unreadable, str(LARGEST_TEXT)):
                FaqResource(self.shop).import_data(table)
        self.assertEqual(self.shop.faqs.get(number=1).answer[0], "新")

    def test_takes_no_more_on_its_page(self) -> None:
        self.fill(self.shop, spare=5)
        first = self.shop.faqs.get(number=1)
        row = {"id": first.pk, "number": 1, "position": 1, "question": first.question, "enabled": "on"}
        sent = {f"faqs-0-{name}": value for name, value in row.items()}
        sent |= {"faqs-TOTAL_FORMS": 1, "faqs-INITIAL_FORMS": 1}
        sent |= {"quick_replies-TOTAL_FORMS": 0, "quick_replies-INITIAL_FORMS": 0}
        names = ("name", "greeting", "suggestion", "fallback", "speaks", "quiet_minutes", "handover", "number")
        sent |= {name: getattr(self.shop, name) for name in names} | {"account": self.shop.account_id, "enabled": "on"}

        def seen() -> int:
            return Shop.objects.get(pk=self.shop.pk).version

        page = self.refusal(self.at("change/"), **sent, **{"faqs-0-answer": "新" * LONGEST, "seen": seen()})
        self.assertIn(f"A shop can hold {LARGEST_TEXT} letters", page)
        self.submit(self.at("change/"), **sent, **{"faqs-0-answer": "新" * len(first.answer), "seen": seen()})

    def test_takes_no_more_over_http(self) -> None:
        self.fill(self.shop)
        rows: list[dict[str, Any]] = [
            {**row, "disabled": False} for row in self.shop.faqs.values("number", "question", "answer")
        ]
        replace_questions(self.shop, rows)
        with self.assertRaises(ValidationError):
            replace_questions(self.shop, [{**rows[0], "answer": "新" * LONGEST}, *rows[1:]])
        self.assertNotIn("新", self.shop.faqs.get(number=1).answer)

    def test_takes_no_more_phrasings_from_customers(self) -> None:
        gap = self.gap()
        self.fill(self.shop, spare=1)
        with self.assertRaises(gaps.FullError):
            gaps.add_phrasings(gap, 1)
        self.assertEqual(self.shop.faqs.get(number=1).phrasings, "")
        self.shop.faqs.filter(number=2).delete()
        gaps.add_phrasings(gap, 1)

    def test_takes_no_more_questions_from_customers(self) -> None:
        gap = self.gap()
        self.fill(self.shop)
        self.shop.faqs.filter(number=2).delete()
        with self.assertRaises(gaps.FullError):
            gaps.make_question(gap, question="有赠品吗", answer="有" * LONGEST)
        gaps.make_question(gap, question="有赠品吗", answer="有")


class AShopThatIsFullerThanThat(RoomTest):
    def test_may_be_changed_and_does_not_grow(self) -> None:
        self.fill(self.shop)
        Faq.objects.filter(number=2).update(phrasings="多" * 9000)
        table = tables.read("q.csv", f"number,question,answer\n1,0001,{'新' * 1496}\n".encode())
        FaqResource(self.shop).import_data(table)
        table = tables.read("q.csv", f"number,question,answer\n1,0001,{'新' * 1497}\n".encode())
        with self.assertRaises(Unreadable):
            FaqResource(self.shop).import_data(table)
