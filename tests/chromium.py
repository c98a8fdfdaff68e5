"""Chromium as it is started here."""

import shutil

from playwright.sync_api import Browser, Playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"]
ARGUMENTS += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


def missing_for_browsers() -> str:
    """What keeps a browser from being started here; empty if nothing does."""
    return "" if shutil.which("chromium") else "chromium"


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, without a window and with a camera and a microphone that are made up."""
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
