"""A real Chromium in which tests open pages as people do."""

import unittest
from typing import Any, ClassVar

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests import deployments
from tests.chromium import PAGES_ALONE, launch, missing_for_browsers
from tests.deployments import Deployment
from tests.world import World

PATIENCE = 20_000.0
"""Milliseconds after which what a person should see counts as missing."""
expect.set_options(timeout=PATIENCE)

_playwright: list[Playwright] = []
_browsers: dict[str, Browser] = {}


def chromium(program: str) -> Browser:
    """The browser of all tests that run in this program, started when it is first asked for.

    As long as Playwright lives it runs an event loop in this thread, so that no test could run one of its own: the
    runner puts the tests with a browser behind all others.
    """
    if not _playwright:
        _playwright.append(sync_playwright().start())
    if program not in _browsers:
        _browsers[program] = launch(_playwright[0], program)
    return _browsers[program]


def stop() -> None:
    """End the browsers, by force where they do not close: to ask each of them would wait for it forever."""
    _browsers.clear()
    while _playwright:
        _playwright.pop().stop()


class BrowserTest(unittest.TestCase):
    """Pages of a server of ours, each test in an app of its own. Whatever a page complains about fails the test."""

    program: ClassVar[str] = PAGES_ALONE
    world: World

    @property
    def deployment(self) -> Deployment:
        return deployments.running("uvicorn")

    def setUp(self) -> None:
        if missing := missing_for_browsers():
            self.skipTest(f"{missing} is not installed")
        self.world = World(self.deployment.alias)
        self.complaints: list[str] = []
        self.addCleanup(lambda: self.assertEqual(self.complaints, []))

    def browser(self, **options: Any) -> BrowserContext:
        """A browser of somebody's own, with its own storage."""
        context = chromium(self.program).new_context(
            **{"locale": "zh-CN", "viewport": {"width": 1280, "height": 800}, **options}
        )
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", lambda message: self._console(message.type, message.text, message.location["url"]))
        self.addCleanup(context.close)
        return context

    def _console(self, kind: str, text: str, address: str) -> None:
        """Errors that scripts make; that the network is gone, or that the server says no, is no error of theirs."""
        if kind == "error" and "net::ERR_" not in text and "/api/" not in address:
            self.complaints.append(f"{text} ({address})")

    def open(self, context: BrowserContext, path: str) -> Page:
        """A tab with a page of the server."""
        page = context.new_page()
        page.goto(self.deployment.servers[0].pages + path)
        return page
