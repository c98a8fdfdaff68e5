"""The page on which the HTTP interface is read and tried, as a developer with a new key uses it."""

from playwright.sync_api import expect

from accounts.models import Account
from tests.browser import BrowserTest
from tests.http import new_key


class TheApiPage(BrowserTest):
    def test_makes_an_account_with_a_key_typed_in(self) -> None:
        _, key = new_key(self.world)
        page = self.open(self.browser(), "/api/docs/")
        page.get_by_role("button", name="Authorize").first.click()
        scheme = page.locator(".auth-container", has_text="appKey")
        scheme.get_by_role("textbox").fill(key)
        scheme.get_by_role("button", name="Apply credentials").click()
        scheme.get_by_role("button", name="Close").click()

        request = page.locator("#operations-accounts-make_or_change_an_account")
        request.locator(".opblock-summary-control").click()
        request.get_by_role("button", name="Try it out").click()
        request.get_by_placeholder("account", exact=True).fill("user-1001")
        request.locator("textarea.body-param__text").fill('{"nickname": "张三"}')
        request.get_by_role("button", name="Execute").click()

        answer = request.locator(".live-responses-table")
        expect(answer.locator(".response-col_status").last).to_contain_text("201")
        expect(answer).to_contain_text("张三")
        made = Account.objects.using(self.world.alias).get(app=self.world.app, name="user-1001")
        self.assertEqual(made.nickname, "张三")

    def test_without_a_key_the_answer_says_that_one_is_missing(self) -> None:
        page = self.open(self.browser(), "/api/docs/")
        request = page.locator("#operations-accounts-list_accounts")
        request.locator(".opblock-summary-control").click()
        request.get_by_role("button", name="Try it out").click()
        request.get_by_role("button", name="Execute").click()

        answer = request.locator(".live-responses-table")
        expect(answer.locator(".response-col_status").last).to_contain_text("401")
        expect(answer).to_contain_text("key_missing")
