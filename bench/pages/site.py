"""A server with data of its own, and a browser that looks at it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import django
from playwright.sync_api import Browser, Page, sync_playwright

from bench.deployments import ENVIRONMENT
from tests.chromium import WHOLE, launch
from tests.services import ChatServer, temporary_folder


@contextmanager
def server(**settings: str) -> Iterator[ChatServer]:
    """A server on SQLite with these settings besides; this process writes into its database through Django's models."""
    folder = temporary_folder("pages")
    environment = {**os.environ, **ENVIRONMENT, "VAR_DIR": str(folder), **settings}
    os.environ.update(environment)
    # Playwright runs an event loop in this thread, in which Django would do nothing.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    running = ChatServer("uvicorn", environment)
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        chromium = launch(playwright, WHOLE)
        yield chromium
        chromium.close()


def sign_in(page: Page, account: str, password: str) -> None:
    """Through the door, as people do."""
    page.locator("input[name=account]").fill(account)
    page.locator("input[name=password]").fill(password)
    page.locator(".door .primary").click()
    page.locator(".row").first.wait_for()
