"""`docs/images/`: the chat page and the desk at three widths, light and dark."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from bench.pages.site import sign_in
from tests.services import ROOT, ChatServer

FOLDER = ROOT / "docs" / "images"
SIZES = {360: (360, 740), 768: (768, 900), 1440: (1440, 860)}
COLOURS = 128
"""A page has few colours: with so many a picture weighs a third."""


def take(server: ChatServer, browser: Browser, folder: Path = FOLDER) -> list[Path]:
    """All pictures, written into the folder."""
    from bench.pages import story

    story.tell()
    from chat.demo import PASSWORD

    taken = []
    for scheme in ("light", "dark"):
        for kind, account, peer in (("chat", story.CUSTOMER, story.SHOP), ("desk", story.SHOP, story.CUSTOMER)):
            context = browser.new_context(color_scheme=scheme, locale="zh-CN", timezone_id="Asia/Shanghai")
            page = context.new_page()
            page.goto(f"{server.pages}/{kind}/?appid={story.APPID}")
            sign_in(page, account, PASSWORD)
            page.goto(f"{server.pages}/{kind}/?appid={story.APPID}#{peer}")
            for width, (across, down) in SIZES.items():
                page.set_viewport_size({"width": across, "height": down})
                taken.append(_shot(page, folder / f"{kind}-{width}-{scheme}.png"))
            if kind == "desk":
                taken.append(_on_a_phone(page, folder, scheme))
            context.close()
    return taken


def _on_a_phone(page: Page, folder: Path, scheme: str) -> Path:
    """The panel as a sheet."""
    page.set_viewport_size({"width": SIZES[360][0], "height": SIZES[360][1]})
    page.locator(".room-head button").last.click()
    return _shot(page, folder / f"sheet-360-{scheme}.png")


def _shot(page: Page, path: Path) -> Path:
    """What is seen once everything is there and nothing moves."""
    page.locator(".bubble.is-goods img, .bubble.is-txt").first.wait_for()
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
    picture = Image.open(io.BytesIO(page.screenshot()))
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path
