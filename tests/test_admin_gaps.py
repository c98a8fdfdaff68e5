"""What customers ask and no robot can answer: gathered by what is asked, and filled by people."""

from typing import Any

from django.utils import timezone

from robots import answers, gaps
from robots.models import Faq, Gap, UnansweredQuestion
from tests.admin_case import AdminTest
from tests.admin_session import AdminSession
from tests.case import SocketTest, text
from tests.world import World

LIST = "/admin/robots/gap/"
ALIKE = ["有没有赠品", "请问有赠品吗", "有赠品吗？"]


def ask(world: World, shop: Any, asker: str, *texts: str) -> None:
    """These are asked, and nobody knows."""
    for content in texts:
        UnansweredQuestion.objects.using(world.alias).create(shop=shop, asker=world.get(asker), text=content)


class GapTest(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop = self.world.shop("dev17", 17, {3: ("送什么礼物", "送杯子"), 5: ("发什么快递", "顺丰")})
        self.world.accounts("User1", "User2")

    def ask(self, *texts: str, asker: str = "User1") -> None:
        ask(self.world, self.shop, asker, *texts)
        while gaps.gather():
            pass

    def gap(self) -> Gap:
        self.ask(*ALIKE)
        return Gap.objects.get()

    def path(self, gap: Gap) -> str:
        return f"{LIST}{gap.pk}/change/"

    def heard(self, sentence: str) -> Any:
        self.shop.refresh_from_db()
        return answers.answer(self.shop, content=sentence)


class Gathering(GapTest):
    def test_brings_together_what_asks_the_same(self) -> None:
        self.ask(*ALIKE, "周末可以上门安装吗")
        self.assertEqual(
            [(gap.text, gap.count) for gap in Gap.objects.all()], [(ALIKE[0], 3), ("周末可以上门安装吗", 1)]
        )

    def test_goes_on_with_what_is_there(self) -> None:
        self.ask(ALIKE[0])
        self.ask(*ALIKE[1:])
        self.assertEqual(Gap.objects.get().count, 3)
        self.assertFalse(UnansweredQuestion.objects.filter(gap=None).exists())

    def test_is_within_one_shop(self) -> None:
        other = self.world.shop("dev18", 18, {})
        ask(self.world, other, "User1", ALIKE[0])
        self.ask(ALIKE[0])
        self.assertEqual(Gap.objects.count(), 2)

    def test_leaves_what_was_dismissed_dismissed(self) -> None:
        gaps.dismiss([self.gap()])
        self.ask("你们有赠品吗")
        gap = Gap.objects.get()
        self.assertEqual((gap.count, gap.state), (4, "dismissed"))
        self.assertFalse(UnansweredQuestion.objects.filter(settled=False).exists())

    def test_begins_anew_after_an_answer(self) -> None:
        gaps.make_question(self.gap(), question="有赠品吗", answer="有")
        self.ask("有没有赠品")
        self.assertEqual(sorted(Gap.objects.values_list("count", "state")), [(1, "open"), (3, "answered")])

    def test_forgets_who_is_erased(self) -> None:
        self.ask(ALIKE[0], "周末可以上门安装吗")
        self.ask(ALIKE[1], asker="User2")
        gaps.forget(self.world.get("User1").pk)
        self.assertEqual([(gap.text, gap.count) for gap in Gap.objects.all()], [(ALIKE[1], 1)])


class TheList(GapTest):
    def test_has_the_newest_and_the_most_frequent_first(self) -> None:
        self.ask("周末可以上门安装吗", *ALIKE, "可以用支付宝付款吗")
        page = self.page(LIST)
        places = [page.index(question) for question in (ALIKE[0], "可以用支付宝付款吗", "周末可以上门安装吗")]
        self.assertEqual(places, sorted(places))

    def test_shows_what_waits_unless_another_state_is_asked_for(self) -> None:
        gaps.dismiss([self.gap()])
        self.assertNotIn(ALIKE[0], self.page(LIST))
        self.assertIn(ALIKE[0], self.page(f"{LIST}?state=dismissed"))

    def test_takes_as_many_queries_for_many_as_for_few(self) -> None:
        def make(count: int) -> None:
            now = timezone.now()
            Gap.objects.bulk_create(
                Gap(
                    shop=self.shop, text=f"第{n}个", meaning=b"", count=1, first_asked_at=now, last_asked_at=now, rank=n
                )
                for n in range(count)
            )

        make(2)
        few = len(self.queries(LIST))
        make(200)
        self.assertEqual(len(self.queries(LIST)), few)

    def test_dismisses_several_at_once(self) -> None:
        self.ask(*ALIKE, "周末可以上门安装吗")
        self.submit(LIST, action="dismiss", _selected_action=[gap.pk for gap in Gap.objects.all()])
        self.assertEqual(set(Gap.objects.values_list("state", flat=True)), {"dismissed"})


class Filling(GapTest):
    def test_makes_a_question_of_it_with_the_customers_wordings(self) -> None:
        self.submit(self.path(self.gap()), question="有赠品吗？", answer="满百有赠品", make="1")
        faq = Faq.objects.get(answer="满百有赠品")
        self.assertEqual((faq.number, faq.phrasings.splitlines()), (6, [ALIKE[1], ALIKE[0]]))
        self.assertEqual(Gap.objects.get().state, "answered")
        self.assertFalse(UnansweredQuestion.objects.filter(settled=False).exists())
        for asked in ALIKE:
            self.assertEqual(self.heard(asked).text, "满百有赠品")

    def test_adds_it_to_a_question_that_is_likely(self) -> None:
        page = self.page(self.path(gap := self.gap()))
        self.assertIn("送什么礼物", page)
        self.submit(self.path(gap), phrasing="3")
        self.assertEqual(set(Faq.objects.get(number=3).phrasings.splitlines()), set(ALIKE))
        self.assertEqual(self.heard(ALIKE[0]).text, "送杯子")

    def test_adds_it_to_a_question_of_any_number_of_the_shop(self) -> None:
        gap = self.gap()
        self.world.shop("dev18", 18, {9: ("别家的", "别家")})
        for number in ("9", "", "x", "99999999999"):
            self.assertIn(
                "no question of this number",
                self.client.post(self.path(gap), {"phrasing": "", "number": number}).content.decode(),
            )
        self.submit(self.path(gap), phrasing="", number="5")
        self.assertEqual(self.heard(ALIKE[0]).text, "顺丰")

    def test_is_done_once(self) -> None:
        gap = self.gap()
        self.submit(self.path(gap), question="有赠品吗", answer="有", make="1")
        self.submit(self.path(gap), question="有赠品吗", answer="没有", make="1")
        self.assertEqual(Faq.objects.filter(question="有赠品吗").count(), 1)

    def test_needs_an_answer(self) -> None:
        self.refusal(self.path(self.gap()), question="有赠品吗", answer="", make="1")

    def test_may_be_to_dismiss_it(self) -> None:
        self.submit(self.path(self.gap()), dismiss="1")
        self.assertEqual(Gap.objects.get().state, "dismissed")


class WhoMay(GapTest):
    def answers(self, *permissions: str, **fields: Any) -> int:
        gap = self.gap()
        self.clerk(*permissions)
        return self.client.post(self.path(gap), fields).status_code

    def test_make_questions(self) -> None:
        self.assertEqual(self.answers("view_gap", "change_gap", question="q", answer="a", make="1"), 403)

    def test_add_phrasings(self) -> None:
        self.assertEqual(self.answers("view_gap", "change_gap", "add_faq", phrasing="3"), 403)

    def test_dismiss(self) -> None:
        self.assertEqual(self.answers("view_gap", "change_faq", dismiss="1"), 403)

    def test_reply(self) -> None:
        self.assertEqual(self.answers("view_gap", "change_gap", "change_faq", phrasing="3", reply="on"), 403)

    def test_look(self) -> None:
        self.assertEqual(self.answers("change_faq", dismiss="1"), 403)


class AnAnswer(SocketTest):
    async def test_reaches_the_customers_who_wait_at_once_and_the_shops_people(self) -> None:
        shop = self.world.shop("dev17", 17, {3: ("送什么礼物", "送杯子")})
        self.world.accounts("User1", "User2", "User3")
        now = timezone.now()
        gap = Gap.objects.using(self.world.alias).create(
            shop=shop, text="有赠品吗", meaning=bytes(1024), count=3, first_asked_at=now, last_asked_at=now, rank=0
        )
        for name in ("User1", "User1", "User2", "User3"):
            UnansweredQuestion.objects.using(self.world.alias).create(
                shop=shop, asker=self.world.get(name), text="有赠品吗", gap=gap, settled=name == "User3"
            )
        server = self.deployment.servers[0]
        one, two = await self.signed_in("User1", server), await self.signed_in("User2", self.deployment.servers[-1])
        three, people = await self.signed_in("User3"), await self.signed_in("dev17")
        staff = await AdminSession.begin(server, self.world.alias)
        page = await staff.submit(f"{LIST}{gap.pk}/change/", phrasing="3", reply="on")
        self.assertIn("2 customers have the answer", page)
        for socket in (one, two):
            heard = await socket.hear("user_message", account="dev17")
            self.assertEqual((heard["data"]["message"], heard["data"].get("robot")), (text("送杯子"), None))
        for name in ("User1", "User2"):
            await people.hear("sync_say", chat_account=name)
            self.assertEqual(self.world.view(name, "dev17").unread, 1)
        self.assertEqual(await self.silence(three, "User3"), [])
