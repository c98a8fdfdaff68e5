"""The landing page at the root."""

import re

from django.test import TestCase, override_settings

from chat import demo
from tests.services import ROOT


class TheLandingPage(TestCase):
    def page(self, **headers: str) -> str:
        answer = self.client.get("/", headers=headers, secure="https" in headers)
        self.assertEqual(answer.status_code, 200)
        return answer.content.decode()

    def test_is_chinese_unless_the_browser_asks_for_english(self) -> None:
        self.assertIn("商城客服聊天", self.page())
        self.assertIn("Shop chat", self.page(accept_language="en"))

    def test_switches_the_language_and_remembers_it(self) -> None:
        answer = self.client.post("/i18n/setlang/", {"language": "en", "next": "/"}, follow=True)
        self.assertIn('<html lang="en">', answer.content.decode())
        self.assertIn('<html lang="en">', self.page())

    def test_shows_the_sockets_address_as_the_browser_reaches_it(self) -> None:
        self.assertIn("ws://chat.example:8000/ws", self.page(host="chat.example:8000"))
        answer = self.client.get("/", headers={"host": "chat.example"}, secure=True)
        self.assertContains(answer, "wss://chat.example/ws")

    def test_leads_to_the_chat_and_the_admin(self) -> None:
        page = self.page()
        self.assertIn('href="/chat/"', page)
        self.assertIn('href="/admin/"', page)

    def test_carries_no_script_and_no_style_of_its_own(self) -> None:
        demo.load()
        with override_settings(DEBUG=True):
            page = self.page()
        self.assertIsNone(re.search(r"<script|<style|\sstyle=|\son\w+=", page))

    def test_brings_every_file_that_it_names(self) -> None:
        files = re.findall(r'(?:href|src)="/static/[0-9a-f]{12}/([^"]+)"', self.page())
        self.assertTrue(files)
        self.assertEqual([name for name in files if not (ROOT / "static" / name).is_file()], [])


class TheDemosPasswords(TestCase):
    def shown(self) -> bool:
        return demo.APPID in self.client.get("/").content.decode()

    @override_settings(DEBUG=True)
    def test_are_shown_when_the_demo_is_loaded(self) -> None:
        demo.load()
        page = self.client.get("/").content.decode()
        for word in (demo.APPID, *demo.PEOPLE, demo.SHOP_ACCOUNT, demo.PASSWORD, demo.ADMIN, demo.ADMIN_PASSWORD):
            with self.subTest(word):
                self.assertIn(word, page)

    @override_settings(DEBUG=True)
    def test_are_not_shown_without_the_demo(self) -> None:
        self.assertFalse(self.shown())

    @override_settings(DEBUG=False)
    def test_are_not_shown_with_debug_off(self) -> None:
        demo.load()
        self.assertFalse(self.shown())
