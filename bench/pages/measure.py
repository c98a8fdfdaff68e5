"""How the pages do on a slow phone, and with very much to show."""

import gzip
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

import brotli
from playwright.sync_api import Browser, CDPSession, Page

from bench.pages.site import sign_in
from tests.services import ROOT, ChatServer

SLOWER = 4
"""Times that the browser's processor is slowed down."""
ROUNDS = 5
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
}
FIRST = """() => new Promise((done) => {
    const look = () => (document.querySelector(%r) ? done(performance.now()) : requestAnimationFrame(look));
    look();
})"""
PAINT = """() => new Promise((done) => {
    const watch = new PerformanceObserver((seen) => {
        const paint = seen.getEntriesByName('first-contentful-paint')[0];
        if (paint) done(paint.startTime);
    });
    watch.observe({ type: 'paint', buffered: true });
})"""


def run(server: ChatServer, browser: Browser, conversations: int, messages: int) -> list[tuple[str, str]]:
    """Rows of what was measured and what came out."""
    owner, password, appid = _prepare(conversations, messages)
    place = f"{server.pages}/chat/?appid={appid}"
    context = browser.new_context(**PHONE)
    page = context.new_page()
    slow = context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    rows = []
    for kind in ("/chat/", "/desk/"):
        first = _loaded(page, server, kind)
        whole = {*first, *_fetched_later(kind)}
        what = f"JavaScript of {kind}: for the first screen with gzip / all of it with gzip / with brotli"
        weights = (_weight(first, gzip.compress), _weight(whole, gzip.compress), _weight(whole, brotli.compress))
        rows.append((what, f"{' / '.join(f'{weight / 1024:.1f}' for weight in weights)} KB"))
    door, paint = _first(page, slow, place, ".door", ROUNDS)
    rows.append(("First visit: first paint / the door, nothing cached", f"{paint:.0f} / {door:.0f} ms"))
    page.goto(place)
    sign_in(page, owner, password)
    listed, paint = _first(page, slow, place, ".row", ROUNDS)
    rows.append(
        (
            f"Signed in: first paint / list of {conversations:,} conversations, nothing cached",
            f"{paint:.0f} / {listed:.0f} ms",
        )
    )
    page.wait_for_function(f"() => document.querySelector('.row').ariaSetSize === '{conversations}'")
    whole = page.evaluate("performance.now()")
    rows.append((f"All {conversations:,} conversations there", f"{whole:.0f} ms"))
    rows.append(("Rows of the list that are drawn", str(page.locator(".row").count())))
    page.locator(".row-open").first.click()
    page.locator(".bubble").first.wait_for()
    pages, took, longest = _to_the_beginning(page)
    rows.append(
        (
            f"Scrolling up through {messages:,} messages",
            f"{took / 1000:.0f} s for {pages} times 50, {took / max(pages, 1):.0f} ms each",
        )
    )
    rows.append(("The longest task of the page meanwhile", f"{longest:.0f} ms"))
    rows.append(("Messages that are drawn then", str(page.locator(".item").count())))
    rows.append(("Elements of the page then", f"{page.evaluate('document.querySelectorAll(`*`).length'):,}"))
    slow.send("HeapProfiler.collectGarbage")
    heap = slow.send("Runtime.getHeapUsage")["usedSize"]
    rows.append(("JavaScript memory then", f"{heap / 1048576:.0f} MB"))
    context.close()
    return rows


def _prepare(conversations: int, messages: int) -> tuple[str, str, str]:
    """An account with so many conversations, in the newest of which there are so many messages."""
    from accounts.lifecycle import create_account, create_app
    from chat import made_history
    from chat.demo import PASSWORD

    app = create_app(appid="measured", name="measured")
    owner = create_account(app=app, name="owner", password=PASSWORD)
    for _ in made_history.make(account=owner, conversations=conversations, messages=conversations, password=PASSWORD):
        pass
    for _ in made_history.make(account=owner, conversations=1, messages=messages, password=PASSWORD):
        pass
    return owner.name, PASSWORD, app.appid


def _loaded(page: Page, server: ChatServer, path: str) -> set[str]:
    """The scripts that a page loads."""
    from chatproject.static_names import version

    loaded: list[str] = []
    listen = lambda request: loaded.append(request.url)  # noqa: E731
    page.on("requestfinished", listen)
    page.goto(server.pages + path, wait_until="networkidle")
    page.remove_listener("requestfinished", listen)
    return {url.partition(f"/static/{version()}/")[2] for url in loaded if url.endswith(".js")}


def _fetched_later(path: str) -> tuple[str, ...]:
    """Those that it loads once somebody needs them, or when it rests."""
    from chatproject.chat_page import CHAT, DESK

    return {"/chat/": CHAT, "/desk/": DESK}[path].when_needed


def _weight(scripts: Iterable[str], packed: Callable[[bytes], bytes]) -> int:
    """Bytes of scripts that are packed one by one, as servers and proxies do."""
    return sum(len(packed((ROOT / "static" / name).read_bytes())) for name in scripts)


def _first(page: Page, slow: CDPSession, place: str, wanted: str, rounds: int) -> tuple[float, float]:
    """When what is wanted stood there, and when anything did; medians of visits with an empty cache."""
    times, paints = [], []
    for _ in range(rounds):
        slow.send("Network.clearBrowserCache")
        page.goto(place, wait_until="commit")
        times.append(page.evaluate(FIRST % wanted))
        paints.append(page.evaluate(PAINT))
    return median(times), median(paints)


def _to_the_beginning(page: Page) -> tuple[int, float, float]:
    """Scroll up to the first message: how often more came, the milliseconds of it all and of its longest task."""
    script = """async () => {
        const box = document.querySelector('.timeline');
        const began = performance.now();
        let pages = 0, oldest = null, longest = 0;
        const tasks = new PerformanceObserver((seen) => {
            for (const task of seen.getEntries()) longest = Math.max(longest, task.duration);
        });
        tasks.observe({ type: 'longtask' });
        const frame = () => new Promise((done) => requestAnimationFrame(done));
        while (!/这是最早/.test(document.querySelector('.timeline-end')?.textContent || '')) {
            box.scrollTop = 0;
            await frame();
            const first = document.querySelector('.item')?.dataset.key;
            if (first !== oldest) { pages += 1; oldest = first; }
        }
        return [pages, performance.now() - began, longest];
    }"""
    pages, took, longest = page.evaluate(script)
    return int(pages), float(took), float(longest)
