"""The page of what customers ask and no robot can answer: what it shows, and to whom."""

import re
from typing import Any

from django.contrib.auth import get_user_model

from robots.models import Faq, UnansweredQuestion
from tests.admin_case import errors
from tests.gap_case import ALIKE, LIST, GapTest


class ThePage(GapTest):
    def test_asks_once_whether_the_answer_is_to_be_sent(self) -> None:
        self.assertEqual(self.page(self.path(self.gap())).count('name="reply"'), 1)

    def test_offers_the_ways_of_which_none_is_chosen(self) -> None:
        page = self.page(self.path(self.gap()))
        self.assertEqual(re.findall(r'name="way" value="(\w+)"', page)[-3:], ["5", "other", "new"])
        self.assertNotIn(" checked", page)

    def test_says_what_is_wrong_where_it_is_and_keeps_what_was_typed(self) -> None:
        page = self.refusal(self.path(self.gap()), question="", answer="满百有赠品", way="new")
        self.assertIn('value="new" required checked', page)
        self.assertIn("满百有赠品</textarea>", page)
        self.assertEqual(len(errors(page)), 1)

    def test_keeps_the_question_that_was_chosen(self) -> None:
        Faq.objects.filter(number=5).update(question="发什么快递<b>")
        page = self.refusal(self.path(self.gap()), other="5", way="")
        self.assertRegex(page, r'<option value="5"[^>]*selected[^>]*>5\. 发什么快递&lt;b&gt;</option>')

    def test_leads_from_an_answer_to_the_question_that_gives_it(self) -> None:
        gap = self.gap()
        self.submit(self.path(gap), way="3")
        page = self.page(self.path(gap))
        self.assertIn(f"/admin/robots/shop/{self.shop.pk}/change/?find=%E9%80%81", page)
        self.assertIn("3. 送什么礼物</a>", page)
        self.assertRegex(self.page(f"{LIST}?state=answered"), r"field-filled_by[^>]*>(<[^>]*>)*\s*3\b")
        self.clerk("view_gap", "change_gap")
        self.assertNotIn("/admin/robots/shop/", self.page(self.path(gap)))
        Faq.objects.filter(number=3).delete()
        self.assertIn("Answered by question 3, which the shop has no longer", self.page(self.path(gap)))

    def test_leads_from_what_customers_wrote_to_their_talks_for_those_who_may_read_them(self) -> None:
        gap = self.gap()
        self.ask(ALIKE[0], asker="User2")
        self.world.said("User1", "dev17", {"type": "txt", "content": "在吗"})
        talk = f"/admin/chat/conversation/{self.world.view('dev17', 'User1').pk}/talk/"
        self.assertEqual(re.findall(r"/admin/chat/conversation/\d+/talk/", self.page(self.path(gap))), [talk] * 3)
        for rights in (["view_gap"], ["view_gap", "view_conversation"]):
            self.clerk(*rights)
            self.assertNotIn(talk, self.page(self.path(gap)))
            get_user_model().objects.filter(username="clerk").delete()
        self.clerk("view_gap", "view_conversation", "view_message")
        self.assertIn(talk, self.page(self.path(gap)))

    def test_takes_as_many_queries_for_many_who_asked_as_for_few(self) -> None:
        gap = self.gap()
        self.page(self.path(gap))  # what is looked up once
        few = len(self.queries(self.path(gap)))
        for account in self.many_accounts(30):
            UnansweredQuestion.objects.create(shop=self.shop, asker=account, text="赠品呢", gap=gap)
            self.world.said(account.name, "dev17", {"type": "txt", "content": "在吗"})
        self.assertEqual(len(self.queries(self.path(gap))), few)


class LookingForAQuestion(GapTest):
    def found(self, **asked: Any) -> Any:
        answer = self.client.get(f"{LIST}{self.gap().pk}/questions/", asked)
        return answer.json() if answer.status_code == 200 else answer.status_code

    def test_is_by_any_of_its_words_or_by_its_number(self) -> None:
        Faq.objects.filter(number=3).update(phrasings="有小礼品吗")
        three = [{"id": "3", "text": "3. 送什么礼物"}]
        for words in ("礼物", "杯子", "小礼品", "3", " 送 "):
            self.assertEqual(self.found(term=words)["results"], three, words)
        self.assertEqual(self.found(term="火星"), {"results": [], "pagination": {"more": False}})

    def test_is_within_the_shop(self) -> None:
        self.world.shop("dev18", 18, {9: ("送什么礼物", "别家")})
        self.assertEqual([each["id"] for each in self.found(term="礼物")["results"]], ["3"])

    def test_shows_them_all_some_at_a_time(self) -> None:
        Faq.objects.bulk_create(
            Faq(shop=self.shop, number=n, position=n, question=f"第{n}个", answer="") for n in range(10, 40)
        )
        first, second = self.found(), self.found(page="2")
        self.assertEqual([len(page["results"]) for page in (first, second)], [20, 12])
        self.assertEqual([page["pagination"]["more"] for page in (first, second)], [True, False])
        for page in ("0", "-1", "x", "99999999"):
            self.found(page=page)

    def test_is_for_those_who_may_change_it(self) -> None:
        self.clerk("view_gap", "change_gap", "add_faq")
        self.assertEqual(self.found(term="礼物"), 403)


class WhoMay(GapTest):
    def answers(self, *permissions: str, **fields: Any) -> int:
        gap = self.gap()
        self.clerk(*permissions)
        return self.client.post(self.path(gap), fields).status_code

    def test_make_questions(self) -> None:
        self.assertEqual(self.answers("view_gap", "change_gap", question="q", answer="a", way="new"), 403)

    def test_add_phrasings(self) -> None:
        self.assertEqual(self.answers("view_gap", "change_gap", "add_faq", way="3"), 403)

    def test_dismiss(self) -> None:
        self.assertEqual(self.answers("view_gap", "change_faq", dismiss="1"), 403)

    def test_reply(self) -> None:
        self.assertEqual(self.answers("view_gap", "change_gap", "change_faq", way="3", reply="on"), 403)

    def test_look(self) -> None:
        self.assertEqual(self.answers("change_faq", dismiss="1"), 403)
