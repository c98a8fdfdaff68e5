"""Apps and accounts in the admin: the forms, and what they refuse."""

import re

from django.contrib.auth.hashers import check_password

from accounts import tokens
from accounts.models import Account, App
from accounts.refusals import Refusal
from tests.admin_case import AdminTest

ACCOUNTS = "/admin/accounts/account/"
ADD = f"{ACCOUNTS}add/"
TEST_ACCOUNTS = f"{ACCOUNTS}test-accounts/"
APPS = "/admin/accounts/app/"


class ANewApp(AdminTest):
    def test_is_offered_an_appid_that_nobody_guesses(self) -> None:
        offered = [re.findall(r'name="appid" value="([0-9a-f]{26})"', self.page(f"{APPS}add/")) for _ in range(2)]
        self.assertEqual([len(appids) for appids in offered], [1, 1])
        self.assertNotEqual(*offered)

    def test_comes_with_its_notification_account(self) -> None:
        self.submit(f"{APPS}add/", name="商城", appid="mall-1")
        (account,) = Account.objects.filter(app__appid="mall-1")
        self.assertEqual((account.kind, account.name, account.nickname), (-1, "notification", "通知"))
        self.assertFalse(check_password("", account.password))

    def test_has_an_appid_of_its_own(self) -> None:
        self.refusal(f"{APPS}add/", name="商城", appid=self.world.appid)
        self.refusal(f"{APPS}add/", name="商城", appid="a b")

    def test_keeps_its_appid(self) -> None:
        self.submit(f"{APPS}{self.world.app.pk}/change/", name="商城", appid="other", enabled="on")
        self.assertEqual(App.objects.get(pk=self.world.app.pk).appid, self.world.appid)


class ANewAccount(AdminTest):
    def fields(self, **changed: str) -> dict[str, str]:
        given = {
            "app": str(self.world.app.pk),
            "name": "Ken",
            "new_password": "kens-password",
            "nickname": "",
            "avatar": "",
        }
        return {**given, **changed}

    def test_has_the_password_that_staff_gave_it(self) -> None:
        self.submit(ADD, **self.fields())
        self.assertTrue(check_password("kens-password", self.world.get("Ken").password))

    def test_needs_a_password(self) -> None:
        for password in ("", "12345", "x" * 129):
            with self.subTest(password):
                self.refusal(ADD, **self.fields(new_password=password))

    def test_is_refused_if_the_app_has_one_of_that_name(self) -> None:
        self.world.account("Ken")
        self.refusal(ADD, **self.fields())

    def test_may_have_a_name_that_another_app_has(self) -> None:
        type(self.world)("default").account("Ken")
        self.submit(ADD, **self.fields())

    def test_does_not_pass_for_the_notification_account(self) -> None:
        for fields in (
            {"name": "notification"},
            {"name": "Notification"},
            {"nickname": "通知"},
            {"nickname": " 通知 "},
        ):
            with self.subTest(fields):
                self.assertIn("reserved", self.refusal(ADD, **self.fields(**fields)))

    def test_has_no_name_that_an_erased_account_will_have(self) -> None:
        self.assertIn("Erased accounts", self.refusal(ADD, **self.fields(name="erased-57")))
        test_accounts = {"app": self.world.app.pk, "beginning": "erased-1", "count": 2, "password": "123456"}
        self.assertIn("Erased accounts", self.refusal(TEST_ACCOUNTS, **test_accounts))


class AnAccountsPage(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.account = self.world.account("User1")
        self.path = f"{ACCOUNTS}{self.account.pk}/change/"

    def test_shows_neither_the_password_nor_its_hash(self) -> None:
        self.assertNotIn("argon2", self.page(self.path))

    def test_never_changes_name_app_or_kind(self) -> None:
        other = type(self.world)("default")
        self.submit(
            self.path, name="User9", app=other.app.pk, kind="-1", password="x", nickname="张三", avatar="", enabled="on"
        )
        account = Account.objects.get(pk=self.account.pk)
        self.assertEqual((account.name, account.app, account.kind), ("User1", self.world.app, 1))
        self.assertEqual((account.nickname, account.password), ("张三", self.account.password))

    def test_disables_it_and_makes_its_tokens_void(self) -> None:
        token = tokens.issue(self.account)
        self.submit(self.path, nickname="", avatar="")
        self.submit(self.path, nickname="", avatar="", enabled="on")
        with self.assertRaises(Refusal):
            tokens.account_of(token)

    def test_leaves_tokens_alone_when_only_the_nickname_changes(self) -> None:
        token = tokens.issue(self.account)
        self.submit(self.path, nickname="张三", avatar="", enabled="on")
        self.assertEqual(tokens.account_of(token).pk, self.account.pk)


class TheNotificationAccount(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.path = f"{ACCOUNTS}{self.world.notification.pk}/change/"

    def account(self) -> Account:
        return Account.objects.get(pk=self.world.notification.pk)

    def test_may_be_shown_differently_and_nothing_else(self) -> None:
        self.submit(self.path, name="Ken", kind="1", nickname="商城通知", avatar="a.png")
        account = self.account()
        self.assertEqual((account.name, account.kind, account.enabled), ("notification", -1, True))
        self.assertEqual((account.nickname, account.avatar), ("商城通知", "a.png"))

    def test_is_left_alone_by_disabling_many(self) -> None:
        person = self.world.account("User1")
        page = self.submit(ACCOUNTS, action="disable", _selected_action=[person.pk, self.world.notification.pk])
        self.assertIn("1 account is disabled now.", page)
        self.assertTrue(self.account().enabled)

    def test_has_no_password_to_set(self) -> None:
        path = f"{ACCOUNTS}{self.world.notification.pk}/password/"
        self.assertEqual(self.client.post(path, {"password": "123456", "again": "123456"}).status_code, 404)
        self.assertNotIn("/password/", self.page(self.path))


class ANewPassword(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.account = self.world.account("User1")
        self.path = f"{ACCOUNTS}{self.account.pk}/password/"

    def test_is_set_and_makes_tokens_void(self) -> None:
        token = tokens.issue(self.account)
        self.submit(self.path, password="new-password", again="new-password")
        self.assertTrue(check_password("new-password", self.world.get("User1").password))
        with self.assertRaises(Refusal):
            tokens.account_of(token)

    def test_is_taken_to_the_letter(self) -> None:
        self.submit(self.path, password=" blank at both ends ", again=" blank at both ends ")
        self.assertTrue(check_password(" blank at both ends ", self.world.get("User1").password))

    def test_must_be_given_twice_and_be_long_enough(self) -> None:
        for password, again in (("new-password", "other-password"), ("12345", "12345"), ("", "")):
            with self.subTest(password=password, again=again):
                self.refusal(self.path, password=password, again=again)
        self.assertEqual(self.world.get("User1").password, self.account.password)


class TestAccounts(AdminTest):
    def fields(self, **changed: object) -> dict[str, object]:
        return {"app": self.world.app.pk, "beginning": "u", "count": 30, "password": "123456", **changed}

    def test_are_added_in_bulk_and_sign_in_with_one_password(self) -> None:
        page = self.submit(TEST_ACCOUNTS, **self.fields())
        self.assertIn("30 accounts were added.", page)
        names = Account.objects.filter(app=self.world.app, name__startswith="u").values_list("name", flat=True)
        self.assertEqual(set(names), {f"u{n}" for n in range(30)})
        self.assertTrue(check_password("123456", self.world.get("u29").password))

    def test_leave_existing_ones_as_they_are(self) -> None:
        before = self.world.account("u3", nickname="kept")
        page = self.submit(TEST_ACCOUNTS, **self.fields())
        self.assertIn("29 accounts were added. 1 existed already.", page)
        self.assertEqual((self.world.get("u3").nickname, self.world.get("u3").password), ("kept", before.password))

    def test_are_bounded_in_number(self) -> None:
        for count in (0, -1, 10_001, ""):
            with self.subTest(count):
                self.refusal(TEST_ACCOUNTS, **self.fields(count=count))
        self.assertEqual(Account.objects.filter(app=self.world.app, kind=1).count(), 0)

    def test_need_an_app_that_is_in_use(self) -> None:
        self.refusal(TEST_ACCOUNTS, **self.fields(app=""))
        App.objects.update(enabled=False)
        self.refusal(TEST_ACCOUNTS, **self.fields())
