"""Pages that say no: in the reader's language, with the look of the others, and without the database."""

import logging
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, SimpleTestCase
from django.utils.translation import override
from django.views import csrf, defaults

from tests.admin_case import AdminTest

CHINESE = re.compile("[\u4e00-\u9fff]")
TAGS = re.compile("<[^>]*>")


def answers(request: HttpRequest) -> dict[int | str, HttpResponse]:
    """Each of them, as Django answers with it."""
    problem = Exception()
    return {
        400: defaults.bad_request(request, problem),
        403: defaults.permission_denied(request, problem),
        404: defaults.page_not_found(request, problem),
        500: defaults.server_error(request),
        "csrf": csrf.csrf_failure(request),
    }


class QuietTest(SimpleTestCase):
    def setUp(self) -> None:
        logger = logging.getLogger("django.request")
        self.addCleanup(logger.setLevel, logger.level)
        logger.setLevel(logging.CRITICAL + 1)

    def shown(self, answer: Any, status: int) -> str:
        self.assertEqual(answer.status_code, status)
        return str(answer.content.decode())


class EachOfThem(QuietTest):
    """The database is out of reach of these tests."""

    def test_speaks_one_language(self) -> None:
        for language in ("en", "zh-hans"):
            with override(language):
                for name, answer in answers(RequestFactory().get("/admin/x/")).items():
                    with self.subTest(name, language=language):
                        page = answer.content.decode()
                        self.assertIn(f'<html lang="{language}">', page)
                        words = TAGS.sub("", page).replace("cookie", "")
                        other = CHINESE if language == "en" else re.compile("[A-Za-z]{3,}")
                        self.assertIsNone(other.search(words), words)

    def test_has_the_look_of_the_other_pages(self) -> None:
        for name, answer in answers(RequestFactory().get("/x/")).items():
            with self.subTest(name):
                self.assertRegex(answer.content.decode(), r'<link rel="stylesheet" href="/static/(\w+/)?index\.css">')

    def test_leads_back_to_where_one_was(self) -> None:
        inside, outside = (answers(RequestFactory().get(path))[403] for path in ("/admin/x/", "/x/"))
        self.assertIn('<a href="/admin/">', inside.content.decode())
        self.assertIn('<a href="/">', outside.content.decode())


class AServerWithoutItsDatabase(QuietTest):
    def test_says_so_in_the_readers_language(self) -> None:
        for language, said in (("en", "Something has gone wrong here"), ("zh-CN", "服务器出错了")):
            client = Client(raise_request_exception=False, headers={"Accept-Language": language})
            client.cookies["sessionid"] = "x" * 32
            self.assertIn(said, self.shown(client.get("/admin/"), 500))


class WhatIsSentFromAnOldPage(QuietTest):
    def test_is_refused_with_what_to_do(self) -> None:
        client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
        page = self.shown(client.post("/i18n/setlang/", {"language": "en"}), 403)
        self.assertIn("Open the page anew, and send it once more.", page)


class WhoMayNotOpenAPage(AdminTest):
    def test_is_told_so(self) -> None:
        self.clerk("view_shop")
        answer = self.client.get("/admin/accounts/app/")
        self.assertEqual(answer.status_code, 403)
        self.assertIn("You may not open this page", answer.content.decode())
