"""Chromium as it is started here."""

import shutil

from playwright.sync_api import Browser, Playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"]
ARGUMENTS += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]

WHOLE = "chromium"
PAGES_ALONE = "chromium-headless-shell"
"""Draws and runs pages as the whole browser does, without windows and menus, which take more time than our pages."""


def missing_for_browsers() -> str:
    """What keeps browsers from being started here; empty if nothing does."""
    return " and ".join(program for program in (WHOLE, PAGES_ALONE) if not shutil.which(program))


def launch(playwright: Playwright, program: str) -> Browser:
    """Debian's Chromium, on no screen and with a camera and a microphone that are made up."""
    return playwright.chromium.launch(executable_path=shutil.which(program), args=ARGUMENTS)
