"""The chat page on a line that breaks again and again, wherever it pleases."""

import asyncio
from collections.abc import Callable
from threading import Thread

from playwright.sync_api import expect

from faults.proxy import Proxy
from tests.chat_pages import ChatPageTest


class ABadLine(ChatPageTest):
    def setUp(self) -> None:
        super().setUp()
        self.loop = asyncio.new_event_loop()
        thread = Thread(target=self.loop.run_forever, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.loop.call_soon_threadsafe, self.loop.stop)
        self.proxy = Proxy(self.deployment.servers[0].port, seed=1)
        url = asyncio.run_coroutine_threadsafe(self.proxy.open(), self.loop).result()
        self.addCleanup(lambda: asyncio.run_coroutine_threadsafe(self.proxy.close(), self.loop).result())
        self.through_proxy = url.replace("ws://", "http://").removesuffix("/ws")

    def test_loses_nothing_and_says_nothing_twice(self) -> None:
        self.world.accounts("ann", "bob")
        bob = self.talk(self.enter("bob"), "ann")
        ann = self.browser().new_page()
        ann.goto(f"{self.through_proxy}{self.of_this_app('/chat/#bob')}")
        self.sign_in(ann, "ann")
        expected = []
        faults: tuple[Callable[[], None], ...] = (self.proxy.cut_in_mid_frame, self.proxy.reset_all, self.proxy.silence)
        for number, fault in enumerate(faults):
            self.loop.call_soon_threadsafe(fault)
            self.write(ann, f"ann {number}")
            self.write(bob, f"bob {number}")
            expected += [f"ann {number}", f"bob {number}"]
            self.loop.call_soon_threadsafe(self.proxy.back)
            for page in (ann, bob):
                expect(self.said(page)).to_have_count(len(expected))
                expect(page.locator(".ticks.waiting")).to_have_count(0)
        self.assertEqual(sorted(self.said(ann).all_text_contents()), sorted(expected))
        self.assertEqual(self.said(ann).all_text_contents(), self.said(bob).all_text_contents())
        self.assertEqual(self.world.messages().count(), len(expected))
