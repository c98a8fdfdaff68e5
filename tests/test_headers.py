"""What every page tells browsers to refuse, and that no page needs what is refused."""

import asyncio
import re
from typing import ClassVar

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.test import RequestFactory, SimpleTestCase

from chatproject.headers import PermissionsPolicy, framed_by
from tests.admin_case import AdminTest
from tests.case import OwnServerTest, SocketTest
from tests.pages import fetch

SCRIPTS = r"<script(?![^>]*\bsrc=)(?![^>]*type=\"(?:application/json|text/plain)\")|\son[a-z]+="
INLINE_SCRIPT = re.compile(SCRIPTS, re.IGNORECASE)
"""What no browser takes from within a page of ours."""
INLINE = re.compile(rf"{SCRIPTS}|<style\b|\sstyle=", re.IGNORECASE)
"""What it takes from within pages of the admin alone."""


def directives(policy: str) -> dict[str, str]:
    """A policy's directives with their sources."""
    return {name: sources for name, _, sources in (part.strip().partition(" ") for part in policy.split(";"))}


class EveryPage(AdminTest):
    def paths(self) -> list[str]:
        """The landing page, and of everything in the admin the list and what is behind its first buttons."""
        index = self.page("/admin/")
        lists = sorted(set(re.findall(r'href="(/admin/[a-z]+/[a-z]+/)"', index)))
        added = sorted({page for shown in lists for page in re.findall(rf'href="({shown}add/)', self.page(shown))})
        self.assertGreater(min(len(lists), len(added)), 7)
        account = self.world.account("User1")
        return [
            "/",
            "/admin/",
            *lists,
            *added,
            f"/admin/accounts/account/{account.pk}/change/",
            "/admin/password_change/",
        ]

    def test_allows_scripts_and_styles_from_the_servers_own_files_alone(self) -> None:
        answer = self.client.get("/")
        policy = directives(answer.headers["Content-Security-Policy"])
        self.assertEqual(policy["default-src"], "'self'")
        self.assertEqual({"script-src", "style-src", "connect-src"} & set(policy), set())
        self.assertEqual((policy["object-src"], policy["base-uri"]), ("'none'", "'none'"))
        self.assertNotIn("unsafe", str(policy))
        self.assertEqual(INLINE.findall(answer.content.decode()), [])

    def test_of_the_admin_allows_what_its_theme_needs_and_no_more(self) -> None:
        for path in self.paths()[1:]:
            with self.subTest(path):
                answer = self.client.get(path)
                policy = directives(answer.headers["Content-Security-Policy"])
                self.assertEqual(policy.pop("script-src"), "'self' 'unsafe-eval'")
                self.assertEqual(policy.pop("style-src"), "'self' 'unsafe-inline'")
                self.assertEqual(policy["default-src"], "'self'")
                self.assertEqual((policy["object-src"], policy["base-uri"]), ("'none'", "'none'"))
                self.assertNotIn("unsafe", str(policy))
                self.assertEqual(INLINE_SCRIPT.findall(answer.content.decode()), [])

    def test_forbids_the_rest(self) -> None:
        for path in self.paths():
            with self.subTest(path):
                headers = self.client.get(path).headers
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                self.assertEqual(headers["Referrer-Policy"], "same-origin")
                self.assertEqual(headers["X-Frame-Options"], "DENY")
                self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
                self.assertIn("microphone=()", headers["Permissions-Policy"])


class TheSearchForWhatIsInline(SimpleTestCase):
    def test_finds_it(self) -> None:
        for text in ("<script>x()</script>", '<script type="module">', "<style>", '<p style="a">', '<a onclick="x()">'):
            self.assertTrue(INLINE.search(text), text)

    def test_leaves_files_and_data_alone(self) -> None:
        for text in ('<script src="/static/x.js" defer></script>', '<script type="application/json" id="x">', "<p>"):
            self.assertFalse(INLINE.search(text), text)


class FilesOfOtherOrigins(OwnServerTest):
    environment: ClassVar = {"FILES_FROM": "https://img.example.com, https://*.example.net"}

    async def test_may_be_shown_and_nothing_else_of_theirs(self) -> None:
        answer = await asyncio.to_thread(fetch, self.deployment.next_server().pages + "/")
        policy = directives(answer.headers["content-security-policy"])
        others = "https://img.example.com https://*.example.net"
        self.assertEqual(policy["img-src"], f"'self' data: blob: {others}")
        self.assertEqual(policy["media-src"], f"'self' blob: {others}")
        self.assertEqual({name for name, value in policy.items() if "example" in value}, {"img-src", "media-src"})


class AViewThatMayBeFramed(SimpleTestCase):
    def test_says_so_and_nothing_else_changes(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            return framed_by(["https://shop.example"], HttpResponse("a widget"))

        handle = PermissionsPolicy(CSPMiddleware(XFrameOptionsMiddleware(view)))
        answer = handle(RequestFactory().get("/widget/"))
        assert isinstance(answer, HttpResponse)
        headers = answer.headers
        policy = directives(headers["Content-Security-Policy"])
        self.assertEqual((policy["frame-ancestors"], policy["default-src"]), ("'self' https://shop.example", "'self'"))
        self.assertNotIn("X-Frame-Options", headers)


class WhatIsNoPage(SocketTest):
    # With DEBUG on, daphne's runserver has a way of its own to static files.
    deployments: ClassVar = ("uvicorn",)

    async def test_is_not_sniffed_nor_framed_either(self) -> None:
        for path in ("/healthz", "/readyz", "/metrics", "/static/index.css", "/static/mark.svg"):
            with self.subTest(path):
                headers = fetch(self.deployment.servers[0].pages + path).headers
                self.assertEqual(headers["x-content-type-options"], "nosniff")
                self.assertIn("frame-ancestors 'none'", headers["content-security-policy"])
