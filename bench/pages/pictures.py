"""`docs/images/`: the chat page and the desk at three widths, and the widget in a shop; the admin; light and dark."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Literal, get_args

from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from bench.pages.site import sign_in
from tests.services import ROOT, ChatServer

FOLDER = ROOT / "docs" / "images"
SIZES = {360: (360, 740), 768: (768, 900), 1440: (1440, 860)}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
COLOURS = 128
"""A page has few colours: with so many a picture weighs a third."""


def take(server: ChatServer, browser: Browser, folder: Path = FOLDER) -> list[Path]:
    """All pictures, written into the folder."""
    from bench.pages import day, story

    story.tell()
    from accounts.models import App
    from chat import demo

    day.tell(App.objects.get(appid=story.APPID))

    demo.load()
    taken = []
    for scheme in SCHEMES:
        taken.append(_widget(server, browser, folder, scheme))
        contexts = []
        for kind, account, peer in (("chat", story.CUSTOMER, story.SHOP), ("desk", story.SHOP, story.CUSTOMER)):
            context = browser.new_context(color_scheme=scheme, locale="zh-CN", timezone_id="Asia/Shanghai")
            contexts.append(context)
            page = context.new_page()
            page.goto(f"{server.pages}/{kind}/?appid={story.APPID}")
            sign_in(page, account, demo.PASSWORD)
            page.goto(f"{server.pages}/{kind}/?appid={story.APPID}#{peer}")
            for width, (across, down) in SIZES.items():
                page.set_viewport_size({"width": across, "height": down})
                taken.append(_shot(page, folder / f"{kind}-{width}-{scheme}.png"))
            if kind == "desk":
                taken.append(_on_a_phone(page, folder, scheme))
        taken += _admin(server, browser, folder, scheme)
        for context in contexts:
            context.close()
    return taken


def _admin(server: ChatServer, browser: Browser, folder: Path, scheme: Scheme) -> list[Path]:
    """Its first page, on the day before, so that it shows a whole one whenever it is taken."""
    from chat import demo
    from chat.figures import clock

    context = browser.new_context(color_scheme=scheme, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(f"{server.pages}/admin/")
    page.locator("input[name=username]").fill(demo.ADMIN)
    page.locator("input[name=password]").fill(demo.ADMIN_PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.locator(".start-plot").first.wait_for()
    page.goto(f"{server.pages}/admin/?day={clock.today() - timedelta(days=1)}")
    taken = []
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 1100})
        taken.append(_shot(page, folder / f"admin-{width}-{scheme}.png", page.locator(".start-plot")))
    context.close()
    return taken


def _widget(server: ChatServer, browser: Browser, folder: Path, scheme: Scheme) -> Path:
    """A guest's first words in the made-up shop."""
    across, down = SIZES[1440]
    context = browser.new_context(color_scheme=scheme, locale="zh-CN", viewport={"width": across, "height": down})
    page = context.new_page()
    page.goto(f"{server.pages}/demo/?product=9")
    page.locator("shop-chat button").click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("textbox").fill("这件有大码吗？")
    frame.get_by_role("textbox").press("Enter")
    frame.locator(".ticks.sent").wait_for()
    taken = _shot(page, folder / f"widget-1440-{scheme}.png", frame.locator(".bubble.is-txt"))
    context.close()
    return taken


def _on_a_phone(page: Page, folder: Path, scheme: str) -> Path:
    """The panel as a sheet."""
    page.set_viewport_size({"width": SIZES[360][0], "height": SIZES[360][1]})
    page.locator(".room-head button").last.click()
    return _shot(page, folder / f"sheet-360-{scheme}.png")


def _shot(page: Page, path: Path, bubbles: Locator | None = None) -> Path:
    """What is seen once everything is there and nothing moves."""
    (bubbles or page.locator(".bubble.is-goods img, .bubble.is-txt")).first.wait_for()
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
    picture = Image.open(io.BytesIO(page.screenshot()))
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path
