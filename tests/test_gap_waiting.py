"""Who waits for an answer to what nobody could answer, and hears it."""

import asyncio
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import lifecycle
from chat import personal_data
from chat.models import Block, Message, Remark
from robots import gaps
from robots.models import Faq, Gap, UnansweredQuestion
from robots.waiting import occasion, waiting
from tests.admin_session import AdminSession
from tests.case import SocketTest, text
from tests.gap_case import ALIKE, LIST, GapTest


class WaitingTest(GapTest):
    def setUp(self) -> None:
        super().setUp()
        self.found = self.gap()
        self.asker = self.world.get("User1")

    def wait(self, *names: str) -> None:
        """These wait and no others, and the page says how many they are."""
        self.assertEqual(waiting(Gap.objects.get(pk=self.found.pk)), sorted(self.world.get(name).pk for name in names))
        page = self.page(self.path(self.found))
        said = {0: "", 1: "the customer who waits"}.get(len(names), f"the {len(names)} customers who wait")
        self.assertIn(said, page)
        self.assertEqual('name="reply"' in page, bool(names))

    def asked(self, ago: timedelta) -> None:
        UnansweredQuestion.objects.update(asked_at=timezone.now() - ago)

    def says(self, **columns: Any) -> Message:
        """A message of the shop to the customer."""
        message = self.world.said("dev17", "User1", text("有的"))
        Message.objects.filter(pk=message.pk).update(**columns)
        return message


class Waits(WaitingTest):
    def test_who_asked_and_once_however_often(self) -> None:
        self.ask(ALIKE[0], asker="User2")
        self.wait("User1", "User2")

    def test_who_asked_within_a_week(self) -> None:
        self.asked(timedelta(days=7, minutes=-1))
        self.wait("User1")

    def test_who_has_heard_of_the_robot_alone(self) -> None:
        self.says(robot=Remark.FALLBACK)
        self.wait("User1")

    def test_who_has_heard_of_people_before(self) -> None:
        self.says(created_at=timezone.now() - timedelta(minutes=5))
        self.wait("User1")

    def test_who_has_heard_what_was_taken_back(self) -> None:
        self.says(recalled_at=timezone.now())
        self.wait("User1")

    def test_who_has_heard_the_answer_to_another_gap(self) -> None:
        self.says(client_id=f"gap-{self.found.pk + 1}-0123abcd-{self.asker.pk}")
        self.wait("User1")

    def test_who_was_written_to_by_another_shop(self) -> None:
        self.world.shop("dev18", 18, {})
        self.world.said("dev18", "User1", text("有的"))
        self.wait("User1")

    def test_who_is_a_guest(self) -> None:
        guest = self.world.account("guest-1")
        self.ask(ALIKE[1], asker=guest.name)
        self.wait("User1", "guest-1")


class DoesNotWait(WaitingTest):
    def test_who_asked_more_than_a_week_ago(self) -> None:
        self.asked(timedelta(days=7, minutes=1))
        self.wait()

    def test_whom_people_of_the_shop_have_written_to(self) -> None:
        self.says()
        self.wait()

    def test_who_has_the_answer_to_this_gap(self) -> None:
        self.says(client_id=f"{occasion(self.found)}0123abcd-{self.asker.pk}")
        self.wait()

    def test_who_is_disabled(self) -> None:
        lifecycle.set_enabled(self.asker, False)
        self.wait()

    def test_who_is_erased(self) -> None:
        self.ask(ALIKE[0], asker="User2")
        for _ in personal_data.erase(self.asker):
            pass
        self.wait("User2")

    def test_who_has_blocked_the_shop(self) -> None:
        Block.objects.create(owner=self.asker, blocked=self.shop.account)
        self.wait()

    def test_whom_the_shop_has_blocked(self) -> None:
        Block.objects.create(owner=self.shop.account, blocked=self.asker)
        self.wait()

    def test_who_is_the_shop_itself(self) -> None:
        self.ask(ALIKE[0], asker="dev17")
        self.wait("User1")

    def test_anybody_where_nobody_may_speak_for_the_shop(self) -> None:
        lifecycle.set_enabled(self.shop.account, False)
        self.wait()

    def test_anybody_for_what_was_decided(self) -> None:
        self.dismiss(self.found)
        self.wait()


class WhoWaits(WaitingTest):
    def test_is_found_with_as_many_queries_for_many_as_for_one(self) -> None:
        def queries() -> int:
            gap = Gap.objects.select_related("shop__account").get()
            with CaptureQueriesContext(connection) as captured:
                waiting(gap)
            return len(captured)

        few = queries()
        for account in self.many_accounts(60, "a"):
            UnansweredQuestion.objects.create(shop=self.shop, asker=account, text="x", gap=self.found)
        self.assertEqual(len(waiting(self.found)), 61)
        self.assertEqual(queries(), few)

    def test_waits_again_once_the_gap_is_open_again(self) -> None:
        self.dismiss(self.found)
        gaps.reopen(Gap.objects.get())
        self.wait("User1")


class AnAnswer(SocketTest):
    def asked(self, *names: str, settled: str = "") -> Gap:
        """A gap of a shop of which these have asked."""
        shop = self.world.shop("dev17", 17, {3: ("送什么礼物", "送杯子")})
        now = timezone.now()
        gap = Gap.objects.using(self.world.alias).create(
            shop=shop, text="有赠品吗", meaning=bytes(1024), count=3, first_asked_at=now, last_asked_at=now, rank=0
        )
        for name in names:
            UnansweredQuestion.objects.using(self.world.alias).create(
                shop=shop, asker=self.world.get(name), text="有赠品吗", gap=gap, settled=name == settled
            )
        return gap

    async def test_is_one_where_several_answer_at_the_same_time(self) -> None:
        self.world.accounts("User1", "User2")
        path = f"{LIST}{self.asked('User1', 'User2', 'User1').pk}/change/"
        staff = [
            await AdminSession.begin(server, self.world.alias) for server in self.deployment.servers for _ in "1234"
        ]
        ways = [{"way": "new", "question": "有赠品吗", "answer": "有", "reply": "on"}, {"way": "3", "reply": "on"}]
        undecided = [await each.get(path) for each in staff]
        pages = await asyncio.gather(
            *(each.send(path, undecided[number], ways[number % 2]) for number, each in enumerate(staff))
        )
        self.assertEqual(sum("somebody was quicker" in page for page in pages), len(pages) - 1)
        faqs = Faq.objects.using(self.world.alias).filter(shop__account__name="dev17", shop__app=self.world.app)
        self.assertLessEqual(faqs.count(), 2)
        told = self.world.messages().filter(sender__name="dev17").values_list("recipient__name", flat=True)
        self.assertEqual(sorted(told), ["User1", "User2"])

    async def test_is_told_again_where_the_gap_was_opened_again(self) -> None:
        self.world.accounts("User1")
        path = f"{LIST}{self.asked('User1').pk}/change/"
        staff = await AdminSession.begin(self.deployment.servers[0], self.world.alias)
        await staff.submit(path, way="3", reply="on")
        await staff.submit(path, reopen="1")
        self.assertNotIn('name="reply"', await staff.get(path))
        customer = await self.signed_in("User1")
        questions = UnansweredQuestion.objects.using(self.world.alias).filter(asker=self.world.get("User1"))
        questions.update(asked_at=timezone.now() + timedelta(seconds=1))
        await staff.submit(path, way="new", question="有赠品吗", answer="有", reply="on")
        heard = await customer.hear("user_message", account="dev17")
        self.assertEqual(heard["data"]["message"], text("有"))

    async def test_reaches_the_customers_who_wait_at_once_and_the_shops_people(self) -> None:
        self.world.accounts("User1", "User2", "User3")
        gap = self.asked("User1", "User1", "User2", "User3", settled="User3")
        server = self.deployment.servers[0]
        one, two = await self.signed_in("User1", server), await self.signed_in("User2", self.deployment.servers[-1])
        three, people = await self.signed_in("User3"), await self.signed_in("dev17")
        staff = await AdminSession.begin(server, self.world.alias)
        page = await staff.submit(f"{LIST}{gap.pk}/change/", way="3", reply="on")
        self.assertIn("2 customers have the answer", page)
        for socket in (one, two):
            heard = await socket.hear("user_message", account="dev17")
            self.assertEqual((heard["data"]["message"], heard["data"].get("robot")), (text("送杯子"), None))
        for name in ("User1", "User2"):
            await people.hear("sync_say", chat_account=name)
            self.assertEqual(self.world.view(name, "dev17").unread, 1)
        self.assertEqual(await self.silence(three, "User3"), [])
