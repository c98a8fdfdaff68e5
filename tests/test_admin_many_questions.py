"""A shop with thousands of questions has pages of them."""

import re

from robots.models import Faq, Shop
from tests.admin_browser import StaffTest
from tests.admin_case import AdminTest, errors
from tests.test_admin_shops import NO_REPLIES, questions
from tests.world import World

SETTINGS = ("name", "greeting", "suggestion", "fallback", "speaks", "quiet_minutes", "handover", "away")


def large(world: World, count: int) -> Shop:
    """A shop with questions 1 to `count` in positions that begin with 10."""
    shop = world.shop("dev17", 17, {})
    Faq.objects.using(world.alias).bulk_create(
        Faq(shop=shop, number=n, position=n + 9, question=f"第{n}个问题", answer=f"答案{n}")
        for n in range(1, count + 1)
    )
    return shop


class ManyQuestions(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop = large(self.world, 120)
        self.path = f"/admin/robots/shop/{self.shop.pk}/change/"

    def numbers(self, query: str = "") -> list[int]:
        """The numbers of the questions that the page shows."""
        found = re.findall(r'name="faqs-\d+-number" value="(\d+)"', self.page(self.path + query))
        return [int(number) for number in found]

    def save(self, *rows: dict[str, object], query: str = "", existing: int | None = None) -> list[str]:
        """Send these rows; what is wrong with them."""
        fields = {name: getattr(self.shop, name) for name in SETTINGS}
        fields |= {"number": 17, "account": self.shop.account_id, "enabled": "on"}
        fields["seen"] = Shop.objects.get(pk=self.shop.pk).version
        forms = questions(*rows, existing=len(rows) if existing is None else existing)
        answer = self.client.post(self.path + query, {**fields, **forms, **NO_REPLIES, "_continue": "1"})
        self.followed = answer.headers.get("Location", "")
        return errors(answer.content.decode())

    def row(self, number: int, **changed: object) -> dict[str, object]:
        faq = self.shop.faqs.get(number=number)
        names = ("number", "position", "question", "answer")
        return {"id": faq.pk, "enabled": "on", **{name: getattr(faq, name) for name in names}, **changed}

    def test_stand_on_pages(self) -> None:
        self.assertEqual(self.numbers(), list(range(1, 51)))
        self.assertEqual(self.numbers("?faqs-page=3"), list(range(101, 121)))

    def test_are_saved_page_by_page(self) -> None:
        row = self.row(110, answer="改了")
        self.assertEqual(self.save(row, self.row(111), query="?faqs-page=3"), [])
        self.assertEqual(self.shop.faqs.get(number=110).answer, "改了")
        self.assertEqual(self.shop.faqs.count(), 120)
        self.assertEqual(self.followed, f"{self.path}?faqs-page=3")

    def test_are_saved_wherever_they_stand(self) -> None:
        self.assertEqual(self.save(self.row(3, answer="改了"), self.row(110, answer="也改了")), [])
        self.assertEqual(self.shop.faqs.filter(answer__in=["改了", "也改了"]).count(), 2)

    def test_are_followed_by_new_ones(self) -> None:
        self.assertEqual(self.save(self.row(3), {"question": "新的", "answer": "新"}, existing=1), [])
        new = self.shop.faqs.get(question="新的")
        self.assertEqual((new.number, new.position), (121, 130))

    def test_are_no_more_than_a_shop_can_hold(self) -> None:
        Faq.objects.bulk_create(Faq(shop=self.shop, number=n, question="x", answer="x") for n in range(121, 2001))
        wrong = self.save(self.row(3), {"question": "新的", "answer": "新"}, existing=1)
        self.assertTrue([said for said in wrong if "A shop can hold 2000 questions." in said])
        self.assertEqual(
            self.save({**self.row(3), "DELETE": "on"}, {"question": "新的", "answer": "新"}, existing=1), []
        )

    def test_are_found_by_their_words_and_numbers(self) -> None:
        for wanted, numbers in (("第77个", [77]), ("答案118", [118]), ("119", [119]), ("没有的", [])):
            with self.subTest(wanted):
                self.assertEqual(self.numbers(f"?find={wanted}"), numbers)

    def test_are_saved_where_they_were_found(self) -> None:
        self.assertEqual(self.save(self.row(77, answer="改了"), query="?find=第77个"), [])
        self.assertEqual(self.shop.faqs.get(number=77).answer, "改了")

    def test_take_as_many_queries_as_few(self) -> None:
        few = len(self.queries(self.path))
        Faq.objects.bulk_create(Faq(shop=self.shop, number=n, question="x", answer="x") for n in range(121, 500))
        self.assertEqual(len(self.queries(self.path)), few)


class DraggingOnALaterPage(StaffTest):
    def test_leaves_the_other_pages_as_they_are(self) -> None:
        shop = large(self.world, 53)
        page = self.admin(f"/admin/robots/shop/{shop.pk}/change/?faqs-page=2")
        rows = page.locator("#faqs-data tbody.original")
        rows.nth(2).locator("[x-sort\\:handle]").drag_to(rows.nth(0).locator("[x-sort\\:handle]"))
        page.wait_for_function("() => document.querySelector('#id_faqs-2-position').value === '60'")
        page.click("[name=_continue]")
        page.get_by_text("was changed successfully").wait_for()
        faqs = Faq.objects.using(self.world.alias).filter(shop=shop)
        self.assertEqual(list(faqs.values_list("number", flat=True)), [*range(1, 51), 53, 51, 52])
