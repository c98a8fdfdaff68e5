"""Being told of messages: by the title, the icon, a sound, and a notification if wished."""

import re

from playwright.sync_api import BrowserContext, expect

from tests.chat_pages import ChatPageTest
from tests.chromium import WHOLE

ANSWERED = """new Promise((done) => {
    const line = chatLines.at(-1);
    line.addEventListener('message', ({ data }) => data.includes('pong') && done());
    line.send('ping');
})"""
"""The server answers one query after another: whatever was said before is done."""


AS_ON_ANDROID = """Notification = class extends Notification {
    constructor() { throw new TypeError("Failed to construct 'Notification': Illegal constructor."); }
}"""
NOTED = """async () => {
    for (let looks = 0; looks < 200; looks += 1) {
        const registration = await navigator.serviceWorker.getRegistration();
        const notes = registration ? await registration.getNotifications() : [];
        if (notes.length) return notes.map(({ title, body }) => [title, body]);
        await new Promise((done) => setTimeout(done, 50));
    }
    return 'nothing';
}"""
TAPPED = """async () => {
    const [notification] = await registration.getNotifications();
    const tap = new NotificationEvent('notificationclick', { notification });
    tap.waitUntil = (done) => done.catch(() => {}); // only a real tap may bring a window to the front
    dispatchEvent(tap);
}"""


class Attention(ChatPageTest):
    """Being told of a message while the page is not looked at."""

    program = WHOLE  # the other one shows no notifications

    def away(self, *, allowed: bool) -> BrowserContext:
        """A browser whose tabs can be turned away from, which keeps what they show and sound."""
        context = self.browser()
        if allowed:
            context.grant_permissions(["notifications"])
        context.add_init_script(
            """
            window.shown = []; window.rung = 0; window.gone = false; window.elsewhere = false; window.sounds = false;
            document.hasFocus = () => !gone && !elsewhere;
            Object.defineProperty(document, 'hidden', { get: () => gone });
            Object.defineProperty(document, 'visibilityState', { get: () => (gone ? 'hidden' : 'visible') });
            window.turn = (value) => { gone = value; document.dispatchEvent(new Event('visibilitychange')); };
            Notification = class extends Notification {
                constructor(title, options) { super(title, options); shown.push([title, options.body]); }
            };
            const resume = AudioContext.prototype.resume;
            AudioContext.prototype.resume = function () { return resume.call(this).then(() => { sounds = true; }); };
            const ring = AudioContext.prototype.createOscillator;
            AudioContext.prototype.createOscillator = function () { rung += 1; return ring.call(this); };
            """
        )
        return context

    def test_is_asked_for_by_a_sound_and_a_notification_if_wished(self) -> None:
        self.world.accounts("ann", "bob")
        page, bob = self.enter("ann", self.away(allowed=True)), self.talk(self.enter("bob"), "ann")
        page.get_by_role("button", name="设置").click()
        page.get_by_label("桌面通知").check()
        page.wait_for_function("localStorage['chat.choice.desktop']")  # once the browser has said that it is allowed
        page.keyboard.press("Escape")
        page.reload()
        expect(page.get_by_text("还没有会话")).to_be_visible()  # the server has said so: what comes now is new
        page.mouse.click(5, 5)
        page.wait_for_function("sounds")
        self.write(bob, "看着呢")
        page.get_by_role("button", name=re.compile("bob.*看着呢")).click()
        expect(bob.locator(".ticks.read")).to_be_visible()
        self.assertEqual(page.evaluate("[shown, rung]"), [[], 2])
        behind = self.open(page.context, self.of_this_app("/chat/"))
        expect(behind.get_by_role("navigation", name="会话")).to_be_visible()
        behind.evaluate("turn(true)")
        page.bring_to_front()
        self.write(bob, "就在眼前")
        expect(self.said(page).last).to_have_text("就在眼前")
        expect(behind.get_by_role("button", name=re.compile("bob.*就在眼前"))).to_be_attached()
        self.assertEqual(behind.evaluate("[shown, rung]"), [[], 0])
        behind.close()
        page.evaluate("elsewhere = true")
        self.write(bob, "在旁边")
        expect(self.said(page).last).to_have_text("在旁边")
        self.assertEqual(page.evaluate("[shown.pop(), rung]"), [["bob", "在旁边"], 4])
        page.evaluate("turn(true)")
        page.evaluate(ANSWERED)
        self.write(bob, "走开了")
        expect(page).to_have_title("(1) 聊天")
        self.assertEqual(page.evaluate("[shown, rung]"), [[["bob", "走开了"]], 6])
        expect(page.locator("link[rel=icon]")).to_have_attribute("href", re.compile("^data:image/png"))
        page.evaluate("turn(false)")
        expect(page).to_have_title("聊天")
        page.get_by_role("button", name="设置").click()
        expect(page.get_by_label("桌面通知")).to_be_checked()

    def test_is_asked_for_by_a_service_worker_where_pages_may_not_notify(self) -> None:
        self.world.accounts("ann", "bob")
        context = self.away(allowed=True)
        context.add_init_script(AS_ON_ANDROID)
        page, bob = self.enter("ann", context), self.talk(self.enter("bob"), "ann")
        page.evaluate("localStorage.setItem('chat.choice.desktop', 'true'); turn(true)")
        with context.expect_event("serviceworker") as started:
            self.write(bob, "走开了")
        self.assertEqual(page.evaluate(NOTED), [["bob", "走开了"]])
        started.value.evaluate(TAPPED)
        expect(page.get_by_role("heading", name="bob")).to_be_visible()
        self.assertEqual(page.evaluate("caches.keys()"), [])

    def test_is_not_asked_for_where_the_browser_forbids_it(self) -> None:
        self.world.account("ann")
        page = self.enter("ann", self.away(allowed=False))
        page.get_by_role("button", name="设置").click()
        page.get_by_label("桌面通知").click()
        expect(page.get_by_role("alert")).to_have_text("浏览器不允许通知，请在浏览器设置里打开")
        expect(page.get_by_label("桌面通知")).not_to_be_checked()
