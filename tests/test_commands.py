"""`load_demo` and `create_test_accounts`."""

import io
from time import monotonic
from typing import Any

from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from accounts.models import Account, App
from chat import demo
from chat.models import Conversation, Message
from robots.answers import menu
from robots.models import Faq, Shop

MODELS = (App, Account, Shop, Faq, Message, Conversation, get_user_model())


def run(name: str, **options: Any) -> str:
    """What the command prints."""
    output = io.StringIO()
    call_command(name, stdout=output, **options)
    return output.getvalue()


@override_settings(DEBUG=True)
class LoadDemo(TestCase):
    def rows(self) -> dict[str, list[Any]]:
        return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in MODELS}

    def test_makes_what_the_customers_document_names(self) -> None:
        run("load_demo")
        app = App.objects.get(appid="af8e2f0dbadb617bda145c84c1")
        names = {"Ken", "User1", "User2", "User3", "User4", "User5", "User6", "dev17", "notification"}
        self.assertEqual(set(app.accounts.values_list("name", flat=True)), names)
        self.assertTrue(check_password("123456", app.accounts.get(name="User6").password))
        shop = Shop.objects.get(app=app, number=17, account__name="dev17")
        self.assertEqual(menu(shop).greeting, "亲，很高兴为您服务，请问您要咨询什么问题呢？")
        questions = [(choice.number, choice.question, choice.answer) for choice in menu(shop).choices]
        self.assertEqual(questions, [(1, "发什么快递", "发顺丰a"), (3, "包邮吗", "本店全场包邮")])

    def test_makes_conversations_and_a_notification_for_everybody(self) -> None:
        run("load_demo")
        told = Conversation.objects.filter(peer__kind=Account.Kind.NOTIFICATION).values_list("owner__name", flat=True)
        self.assertEqual(set(told), set(demo.PEOPLE))
        self.assertTrue(Conversation.objects.filter(owner__name="User1", peer__name="User2").exists())

    def test_gives_the_same_rows_when_it_runs_twice(self) -> None:
        run("load_demo")
        once = self.rows()
        run("load_demo")
        self.assertEqual(self.rows(), once)

    def test_keeps_what_people_changed(self) -> None:
        run("load_demo")
        Faq.objects.filter(number=1).update(answer="发圆通")
        Account.objects.filter(name="Ken").update(nickname="Kenny")
        run("load_demo")
        self.assertEqual(Faq.objects.get(number=1).answer, "发圆通")
        self.assertEqual(Account.objects.get(name="Ken").nickname, "Kenny")

    def test_tells_how_to_sign_in_to_the_admin(self) -> None:
        printed = run("load_demo")
        self.assertIn(f"as {demo.ADMIN}, password {demo.ADMIN_PASSWORD}", printed)
        user = authenticate(username=demo.ADMIN, password=demo.ADMIN_PASSWORD)
        self.assertIsNotNone(user)


@override_settings(DEBUG=False)
class WithDebugOff(TestCase):
    def test_there_is_no_demo_data(self) -> None:
        with self.assertRaisesMessage(CommandError, "DEBUG off"):
            run("load_demo")
        self.assertEqual(App.objects.count(), 0)

    def test_make_run_goes_on_without(self) -> None:
        self.assertEqual(run("load_demo", if_debug=True), "")
        self.assertEqual(App.objects.count(), 0)


@override_settings(DEBUG=True)
class CreateTestAccounts(TestCase):
    def setUp(self) -> None:
        run("load_demo")

    def test_makes_4000_in_the_demo_app_in_under_10_seconds(self) -> None:
        began = monotonic()
        printed = run("create_test_accounts", prefix="u", count=4000, password="123456")
        self.assertLess(monotonic() - began, 10)
        self.assertIn("4000 accounts made", printed)
        names = Account.objects.filter(app__appid=demo.APPID, name__regex=r"^u\d+$").values_list("name", flat=True)
        self.assertEqual(set(names), {f"u{number}" for number in range(4000)})

    def test_makes_accounts_that_sign_in(self) -> None:
        run("create_test_accounts", prefix="u", count=3, password="654321")
        self.assertTrue(check_password("654321", Account.objects.get(name="u2").password))

    def test_leaves_existing_ones_alone(self) -> None:
        run("create_test_accounts", prefix="u", count=2, password="123456")
        before = list(Account.objects.filter(name__begins="u").order_by("pk").values())
        printed = run("create_test_accounts", prefix="u", count=5, password="other1")
        self.assertIn("3 accounts made, 2 existed already", printed)
        self.assertEqual(list(Account.objects.filter(name__begins="u").order_by("pk").values())[:2], before)

    def test_makes_them_in_the_app_that_is_named(self) -> None:
        App.objects.create(appid="mall-1", name="商城")
        run("create_test_accounts", prefix="u", count=2, password="123456", appid="mall-1")
        self.assertEqual(Account.objects.filter(app__appid="mall-1").count(), 2)

    def test_needs_an_app_and_a_number(self) -> None:
        with self.assertRaisesMessage(CommandError, "no app has the appid nobody"):
            run("create_test_accounts", prefix="u", count=2, password="123456", appid="nobody")
        with self.assertRaisesMessage(CommandError, "erased accounts"):
            run("create_test_accounts", prefix="erased-", count=2, password="123456")
        with self.assertRaisesMessage(CommandError, "at least 1"):
            run("create_test_accounts", prefix="u", count=0, password="123456")
