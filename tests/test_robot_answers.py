"""The robot's way from what a customer asks to what the shop answers."""

import numpy as np
from django.test import TestCase

from accounts.lifecycle import create_account, create_app
from accounts.refusals import Reason, Refusal
from robots import answers
from robots.finding.index import Index
from robots.handing_over import Handover
from robots.models import DEFAULT_FALLBACK, DEFAULT_GREETING, Faq, Meanings, Shop
from robots.prepared import Prepared, prepare_changed

QUESTIONS = {
    1: ("发什么快递", "发顺丰a"),
    3: ("包邮吗", "本店全场包邮"),
    4: ("可以开发票吗？", "可以，请留下抬头"),
    5: ("How long does delivery take?", "Two days"),
}


class RobotTest(TestCase):
    def setUp(self) -> None:
        self.app = create_app(appid="an-app", name="商城")
        self.account = create_account(app=self.app, name="dev17", password="123456")
        self.shop = Shop.objects.create(app=self.app, number=17, account=self.account, name="小店")
        for position, (number, (question, answer)) in enumerate(QUESTIONS.items()):
            Faq.objects.create(shop=self.shop, number=number, question=question, answer=answer, position=position)

    def answer(self, content: str = "", number: int | None = None) -> answers.Answer | answers.Menu | Handover:
        """What the robot of the shop as it is now has to say."""
        self.shop.refresh_from_db()
        return answers.answer(self.shop, content=content, number=number)

    def asked(self, content: str = "", number: int | None = None) -> str | None:
        """The shop's answer; None if it was the fallback."""
        answer = self.answer(content, number)
        assert isinstance(answer, answers.Answer), f"a menu: {answer}"
        self.assertEqual(answer.found, answer.text != DEFAULT_FALLBACK)
        return answer.text if answer.found else None

    def shown(self, content: str) -> list[str]:
        """What the customer sees: the answer, or the questions of the menu."""
        answer = self.answer(content)
        if isinstance(answer, answers.Menu):
            return [choice.question for choice in answer.choices]
        return [answer.text]


class FindingAShop(RobotTest):
    def test_takes_its_app_its_number_and_its_account(self) -> None:
        found = answers.find_shop(app_id=self.app.pk, number=17, account_id=self.account.pk)
        self.assertEqual(found, self.shop)

    def test_with_anything_else_is_refused(self) -> None:
        other = create_app(appid="another-app", name="别家")
        person = create_account(app=self.app, name="User1", password="123456")
        for app, number, account in ((other, 17, self.account), (self.app, 18, self.account), (self.app, 17, person)):
            with self.assertRaises(Refusal) as refused:
                answers.find_shop(app_id=app.pk, number=number, account_id=account.pk)
            self.assertEqual(refused.exception.reason, Reason.UNKNOWN_SHOP)

    def test_that_is_switched_off_is_refused(self) -> None:
        Shop.objects.update(enabled=False)
        with self.assertRaises(Refusal):
            answers.find_shop(app_id=self.app.pk, number=17, account_id=self.account.pk)


class TheMenu(RobotTest):
    def test_is_the_greeting_and_the_questions_in_the_shops_order(self) -> None:
        Faq.objects.filter(number=1).update(position=9)
        self.shop.refresh_from_db()
        menu = answers.menu(self.shop)
        self.assertEqual(menu.greeting, DEFAULT_GREETING)
        self.assertEqual([choice.number for choice in menu.choices], [3, 4, 5, 1])
        self.assertEqual(menu.choices[0], answers.Choice(3, "包邮吗", "本店全场包邮"))

    def test_leaves_out_what_is_switched_off(self) -> None:
        Faq.objects.filter(number=3).update(enabled=False)
        self.shop.refresh_from_db()
        self.assertEqual([choice.number for choice in answers.menu(self.shop).choices], [1, 4, 5])


class FindingAnAnswer(RobotTest):
    def test_by_number(self) -> None:
        self.assertEqual(self.asked(number=3), "本店全场包邮")

    def test_by_an_equal_question(self) -> None:
        self.assertEqual(self.asked("发什么快递"), "发顺丰a")

    def test_by_an_equal_answer(self) -> None:
        self.assertEqual(self.asked("发顺丰a"), "发顺丰a")

    def test_by_the_number_before_the_words(self) -> None:
        self.assertEqual(self.asked("包邮吗", number=1), "发顺丰a")

    def test_by_the_words_if_there_is_no_such_number(self) -> None:
        self.assertEqual(self.asked("包邮吗", number=99), "本店全场包邮")

    def test_by_a_question_before_an_equal_answer_of_another(self) -> None:
        Faq.objects.create(shop=self.shop, number=6, question="别的", answer="包邮吗", position=0)
        self.assertEqual(self.asked("包邮吗"), "本店全场包邮")

    def test_whatever_the_width_the_case_and_the_punctuation(self) -> None:
        for words in ("发什么快递？", " 发什么快递 ", "发什么快递!!", "可以开发票吗"):
            self.assertIsNotNone(self.asked(words), words)
        for words in ("ＨＯＷ　ＬＯＮＧ ＤＯＥＳ ＤＥＬＩＶＥＲＹ ＴＡＫＥ", "how long does delivery take"):
            self.assertEqual(self.asked(words), "Two days")

    def test_by_likeness_of_the_question(self) -> None:
        self.assertEqual(self.asked("请问发什么快递呢"), "发顺丰a")

    def test_not_by_a_faint_likeness(self) -> None:
        for words in ("你好", "快", "你们店在哪里", "？", "🙂", "a"):
            self.assertIsNone(self.asked(words), words)

    def test_not_among_what_is_switched_off(self) -> None:
        Faq.objects.filter(number=3).update(enabled=False)
        for content in ("包邮吗", "本店全场包邮"):
            self.assertFalse({"包邮吗", "本店全场包邮"} & set(self.shown(content)))
        self.assertIsNone(self.asked(number=3))

    def test_not_among_another_shops(self) -> None:
        account = create_account(app=self.app, name="dev18", password="123456")
        other = Shop.objects.create(app=self.app, number=18, account=account, name="别家")
        self.assertEqual(answers.answer(other, content="包邮吗"), answers.Answer(DEFAULT_FALLBACK, False))

    def test_not_of_a_shop_without_questions(self) -> None:
        Faq.objects.all().delete()
        self.assertIsNone(self.asked("包邮吗"))


class WhatWasNotAnswered(RobotTest):
    def test_is_noted_with_who_asked(self) -> None:
        answers.note_unanswered(self.shop, asker_id=self.account.pk, text="有优惠券吗")
        noted = self.shop.unanswered.get()
        self.assertEqual((noted.text, noted.asker, noted.settled), ("有优惠券吗", self.account, False))

    def test_is_noted_up_to_what_the_list_holds(self) -> None:
        answers.note_unanswered(self.shop, asker_id=self.account.pk, text="长" * 5000)
        self.assertEqual(self.shop.unanswered.get().text, "长" * 500)


class WhatIsWorkedOut(RobotTest):
    def index(self) -> Index:
        """The shop's index as a process makes it that has just started."""
        return Prepared(Shop.objects.get(pk=self.shop.pk)).index

    def test_is_kept_for_processes_that_start_later(self) -> None:
        self.assertFalse(self.index().remembered)
        self.assertTrue(self.index().remembered)

    def test_makes_no_difference(self) -> None:
        first, later = (self.index().compare("快递发哪家").ranking for _ in range(2))
        self.assertTrue(np.array_equal(first, later))

    def test_is_only_that_of_changed_questions_when_they_change(self) -> None:
        self.index()
        Faq.objects.filter(number=1).update(question="用什么快递")
        self.assertFalse(self.index().remembered)
        self.assertTrue(self.index().remembered)
        self.assertEqual(Meanings.objects.count(), 1)

    def test_is_of_no_use_to_another_encoder(self) -> None:
        self.index()
        Meanings.objects.update(encoder="another")
        self.assertFalse(self.index().remembered)

    def test_is_worked_out_before_anybody_asks(self) -> None:
        while prepare_changed():
            pass
        self.assertTrue(self.index().remembered)
        Faq.objects.filter(number=1).update(question="用什么快递")
        self.assertTrue(prepare_changed())
        self.assertFalse(prepare_changed())
        self.assertTrue(self.index().remembered)


class AnswersThatDifferInPunctuationAlone(RobotTest):
    def test_are_told_apart_where_customers_send_them(self) -> None:
        for number, (question, answer) in enumerate(
            (("江浙沪运费", "3.5元"), ("偏远地区运费", "35元"), ("本省几天到", "1-3天"), ("外省几天到", "13天")),
            start=20,
        ):
            Faq.objects.create(shop=self.shop, number=number, question=question, answer=answer)
        for said in ("3.5元", "35元", "1-3天", "13天", "３．５元"):
            with self.subTest(said):
                self.assertEqual(self.asked(said), said.replace("３．５", "3.5"))

    def test_or_by_nothing_but_signs_are_those_that_are_the_same_to_the_letter(self) -> None:
        Faq.objects.create(shop=self.shop, number=20, question="能做C吗", answer="能做C")
        Faq.objects.create(shop=self.shop, number=21, question="能做C++吗", answer="能做C++")
        self.assertEqual([self.asked("能做C"), self.asked("能做C++吗")], ["能做C", "能做C++"])
