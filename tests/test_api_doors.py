"""Who is let in to `/api/`, what each key may do, how often, and that no key ever sees another app."""

import asyncio
from typing import Any, ClassVar

from django.urls import URLPattern, get_resolver, resolve
from django.utils import timezone

from accounts.api.problems import Code
from accounts.api.views import AppView
from accounts.models import AppKey, Scope
from tests.api_case import ApiTest
from tests.case import OwnServerTest, text
from tests.http import Http, new_key, path
from tests.world import World

ENDPOINTS: tuple[tuple[str, tuple[object, ...], Any, Scope], ...] = (
    ("GET", ("accounts",), None, Scope.ACCOUNTS_READ),
    ("POST", ("accounts",), {"accounts": [{"account": "User9"}]}, Scope.ACCOUNTS_WRITE),
    ("GET", ("accounts", "Stranger"), None, Scope.ACCOUNTS_READ),
    ("PUT", ("accounts", "User9"), {}, Scope.ACCOUNTS_WRITE),
    ("POST", ("accounts", "Stranger", "tokens"), {}, Scope.TOKENS_WRITE),
    ("GET", ("accounts", "Stranger", "conversations"), None, Scope.MESSAGES_READ),
    ("GET", ("accounts", "Stranger", "conversations", "User1", "messages"), None, Scope.MESSAGES_READ),
    ("GET", ("accounts", "Stranger", "data"), None, Scope.DATA_EXPORT),
    ("POST", ("accounts", "Stranger", "erasure"), None, Scope.DATA_ERASE),
    ("GET", ("shops",), None, Scope.SHOPS_READ),
    ("GET", ("shops", 99), None, Scope.SHOPS_READ),
    ("PUT", ("shops", 100), {"account": "Stranger", "name": "x"}, Scope.SHOPS_WRITE),
    ("GET", ("shops", 99, "questions"), None, Scope.SHOPS_READ),
    ("PUT", ("shops", 99, "questions"), {"questions": []}, Scope.SHOPS_WRITE),
    ("POST", ("shops", 99, "messages"), {"account": "User1", "message": text("x")}, Scope.MESSAGES_WRITE),
    ("GET", ("notifications",), None, Scope.NOTIFICATIONS_READ),
    ("GET", ("notifications", 2**62), None, Scope.NOTIFICATIONS_READ),
    ("POST", ("notifications",), {"accounts": ["Stranger"], "message": text("x")}, Scope.NOTIFICATIONS_WRITE),
    ("GET", ("messages",), None, Scope.MESSAGES_READ),
    ("GET", ("unread",), "account=Stranger", Scope.MESSAGES_READ),
    ("GET", ("online",), "account=Stranger", Scope.MESSAGES_READ),
)
"""Every endpoint for app keys. Stranger and the shop 99 are another app's."""
SHOPS_OWN = {"questions/", "quick-replies/", "quick-replies/<number:number>/"}
FOR_PEOPLE = {"api/me/", "api/me/peers/<str:account>/", "api/tokens/", "api/tokens/kept/", "api/uploads/"}
FOR_PEOPLE |= {"api/me/visit/", "api/guests/", "api/guests/kept/"}
FOR_PEOPLE |= {f"api/me/shop/{own}" for own in SHOPS_OWN}
OTHERS = {*FOR_PEOPLE, "api/problems/", "api/", "api/openapi.json", "api/asyncapi.json", "api/docs/"}
OTHERS |= {"api/docs/socket/"}


def view_of(address: str) -> Any:
    """The class that answers there."""
    view: Any = resolve(address).func
    return view.view_class


def views_for_keys() -> set[type[AppView]]:
    """Those of every address below `/api/` that are for app keys; any other one is named in `OTHERS`."""
    (api,) = [entry for entry in get_resolver().url_patterns if str(entry.pattern) == "api/"]
    assert not isinstance(api, URLPattern)
    patterns: list[Any] = [pattern for pattern in api.url_patterns if f"api/{pattern.pattern}" not in OTHERS]
    return {pattern.callback.view_class for pattern in patterns}


class EveryEndpoint(ApiTest):
    async def ask(self, bearer: str, method: str, parts: tuple[object, ...], data: Any) -> Any:
        query = data if isinstance(data, str) else ""
        return await self.api(method, *parts, data=None if query else data, bearer=bearer, query=query)

    async def test_stands_in_the_list_of_these_tests(self) -> None:
        """And the other way round: with each method that its view knows."""
        tried = {(method, view_of(path(*parts))) for method, parts, *_ in ENDPOINTS}
        self.assertEqual(tried, {(method, view) for view in views_for_keys() for method in view.scopes})

    async def test_needs_a_key(self) -> None:
        for method, parts, data, _ in ENDPOINTS:
            for bearer, code in (
                ("", "key_missing"),
                ("ck_000000000000_" + "0" * 64, "key_invalid"),
                ("x", "key_invalid"),
            ):
                with self.subTest(method=method, parts=parts, bearer=bearer):
                    answer = await self.ask(bearer, method, parts, data)
                    self.assert_problem(answer, 401, code)
                    self.assertEqual(answer.headers["www-authenticate"], "Bearer")

    async def test_is_closed_to_revoked_keys_and_to_those_of_disabled_apps(self) -> None:
        other = World(self.deployment.alias)
        revoked, disabled = self.key_of(self.world), self.key_of(other)
        key = AppKey.objects.using(self.world.alias).filter(prefix__contains=revoked.split("_")[1])
        self.assertEqual(key.update(revoked_at=timezone.now()), 1)
        other.app.enabled = False
        other.app.save(using=other.alias)
        for method, parts, data, _ in ENDPOINTS:
            for bearer in (revoked, disabled):
                with self.subTest(method=method, parts=parts):
                    self.assert_problem(await self.ask(bearer, method, parts, data), 401, "key_invalid")

    async def test_needs_its_scope_and_no_other(self) -> None:
        for method, parts, data, scope in ENDPOINTS:
            with self.subTest(method=method, parts=parts):
                others = [other for other in Scope if other is not scope]
                refused = await self.ask(self.key_of(self.world, *others), method, parts, data)
                self.assert_problem(refused, 403, "scope_missing")
                allowed = await self.ask(self.key_of(self.world, scope), method, parts, data)
                self.assertNotIn(allowed.status, (401, 403), allowed.content)

    async def test_that_is_looked_at_needs_what_reading_it_needs(self) -> None:
        for bearer, status in (
            (self.key_of(self.world, Scope.ACCOUNTS_READ), 200),
            (self.key_of(self.world, Scope.SHOPS_READ), 403),
        ):
            answer = await self.api("HEAD", "accounts", bearer=bearer)
            self.assertEqual((answer.status, answer.content), (status, b""))

    async def test_sees_nothing_of_another_app(self) -> None:
        other = World(self.deployment.alias)
        other.accounts("Stranger", "User1")
        other.shop("theirs", 99, {1: ("问", "答")})
        other.notify("Stranger", "他们的通知")
        self.world.accounts("User1")
        for method, parts, data, _ in ENDPOINTS:
            with self.subTest(method=method, parts=parts):
                answer = await self.ask(self.bearer, method, parts, data)
                if {"Stranger", 99} & set(parts) or "Stranger" in str(data):
                    self.assertEqual(answer.status, 404, answer.content)
                for secret in ("Stranger", "theirs", "他们的通知"):
                    if secret not in str(parts) + str(data):
                        self.assertNotIn(secret, answer.content.decode())
        self.assertTrue(other.get("Stranger").enabled)
        self.assertEqual(other.messages().count(), 1)

    async def test_a_notification_of_another_app_is_none(self) -> None:
        other = World(self.deployment.alias)
        other.accounts("Stranger")
        sent = await self.done(
            "POST",
            "notifications",
            status=202,
            bearer=self.key_of(other),
            data={"everybody": True, "message": text("x")},
        )
        self.assert_problem(await self.api("GET", "notifications", sent["id"]), 404, "not_found")


class AnyRequest(ApiTest):
    async def test_to_nowhere_is_a_problem(self) -> None:
        for parts in (("nowhere",), ("accounts", "User1", "nothing"), ("shops", "x"), ("shops", 10**19)):
            self.assert_problem(await self.api("GET", *parts), 404, "not_found")

    async def test_with_the_wrong_method_is_a_problem(self) -> None:
        answer = await self.api("DELETE", "accounts")
        self.assert_problem(answer, 405, "method_not_allowed")
        self.assertIn("GET", answer.headers["allow"])

    async def test_that_is_no_json_is_a_problem(self) -> None:
        for content in (b"{", b"\xff", b'{"nickname": NaN}', b"[" * 100_000):
            answer = await self.api("PUT", "accounts", "User1", data=content)
            self.assert_problem(answer, 400, "invalid_json")
        http = Http(self.deployment.next_server(), self.bearer)
        form = await asyncio.to_thread(http, "PUT", "/api/accounts/User1/", b"a=1", Content_Type="text/plain")
        self.assert_problem(form, 415, "unsupported_media_type")

    async def test_to_a_document_with_the_wrong_method_is_a_problem(self) -> None:
        for parts in ("openapi.json", "asyncapi.json", "docs/", "docs/socket/"):
            with self.subTest(parts):
                http = Http(self.deployment.next_server(), self.bearer)
                answer = await asyncio.to_thread(http, "POST", f"/api/{parts}", {})
                self.assert_problem(answer, 405, "method_not_allowed")
                self.assertIn("GET", answer.headers["allow"])

    async def test_by_a_name_that_no_host_has_is_a_problem(self) -> None:
        http = Http(self.deployment.next_server(), self.bearer)
        answer = await asyncio.to_thread(http, "GET", "/api/accounts/", Host="no_host,", Accept_Language="en")
        problem = self.assert_problem(answer, 400, "invalid_request")
        self.assertTrue(problem["title"].startswith("Something in the request"))

    async def test_of_an_address_that_is_no_utf_8_is_a_problem(self) -> None:
        http = Http(self.deployment.next_server(), self.bearer)
        answer = await asyncio.to_thread(http, "GET", "/api/accounts/%ff/")
        self.assert_problem(answer, 404, "unknown_account")

    async def test_for_another_form_is_a_problem(self) -> None:
        http = Http(self.deployment.next_server(), self.bearer)
        for path_ in ("/api/accounts/", "/api/messages/", "/api/docs/"):
            with self.subTest(path_):
                answer = await asyncio.to_thread(http, "GET", path_, Accept="image/png")
                self.assert_problem(answer, 406, "not_acceptable")

    async def test_notes_when_the_key_was_used(self) -> None:
        await self.done("GET", "accounts")
        self.assertIsNotNone(AppKey.objects.using(self.world.alias).get(pk=self.key.pk).last_used_at)

    async def test_of_a_disabled_app_is_refused(self) -> None:
        self.world.app.enabled = False
        self.world.app.save(using=self.world.alias)
        self.assert_problem(await self.api("GET", "accounts"), 401, "key_invalid")


class TheProblems(ApiTest):
    async def test_are_listed_for_everybody(self) -> None:
        listed = await self.done("GET", "problems", bearer="")
        self.assertEqual([row["code"] for row in listed], [code.value for code in Code])


class TooManyRequests(OwnServerTest):
    environment: ClassVar = {"CHAT_LIMITS": "1", "API_REQUESTS_PER_MINUTE": "3"}

    async def test_are_refused_for_the_one_key_with_how_long_to_wait(self) -> None:
        server = self.deployment.next_server()
        one, other = (Http(server, new_key(self.world)[1]) for _ in range(2))
        for _ in range(3):
            self.assertEqual((await asyncio.to_thread(one, "GET", "/api/accounts/")).status, 200)
        refused = await asyncio.to_thread(one, "GET", "/api/accounts/")
        self.assertEqual((refused.status, refused.json["code"]), (429, "too_many_requests"))
        self.assertTrue(1 <= int(refused.headers["retry-after"]) <= 60)
        self.assertEqual((await asyncio.to_thread(other, "GET", "/api/accounts/")).status, 200)
