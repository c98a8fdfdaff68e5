"""What `static/` promises to those who open a page: nothing foreign, nothing heavy, nothing untranslated."""

import gzip
import hashlib
import json
import re
import unittest
from collections.abc import Callable

import brotli
from django.conf import settings
from django.templatetags.static import static
from django.test import TestCase, override_settings
from django.utils import translation

from chatproject.chat_page import CHAT, DESK
from chatproject.static_names import version
from chatproject.widget_page import PAGE
from tests.javascript.tools import missing_for_javascript, node, run
from tests.services import ROOT

STATIC = ROOT / "static"
LIGHT = 60 * 1024
"""Bytes of JavaScript that a page may bring: for its first screen with gzip, which old proxies know, too; and with
everything that it may fetch later as our servers pack it for browsers."""
IN_ALL = 70 * 1024
"""The latter with gzip."""
UNPACKED = {"gzip": gzip.decompress, "br": brotli.decompress}
FOR_OTHERS = ("chat-client.js", "chat-client/mini-programs.js")
"""What no page of ours needs."""
BY_NAME = ("chat/notifying.js", "chat/notifier.js")
"""Where browsers take no notifications from pages."""
FOREIGN = 6 * 1024
"""For a page of another site, until somebody opens the chat on it."""


class VendoredFiles(unittest.TestCase):
    def test_are_as_they_were_published(self) -> None:
        lines = (STATIC / "vendor" / "SHA256SUMS").read_text().splitlines()
        sums = {name: digest for digest, name in (line.split() for line in lines)}
        scripts = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in STATIC.glob("vendor/*.js")}
        self.assertEqual(scripts, sums)


class TheScripts(unittest.TestCase):
    sources = tuple(STATIC.rglob("*.js"))

    def test_are_light(self) -> None:
        for page in (CHAT, DESK, PAGE):
            with self.subTest(page.main):
                first = (*page.modules, "chat/theme.js")
                self.assertLess(self.weight(*first), LIGHT)
                self.assertLess(self.weight(*first, *page.when_needed, packed=brotli.compress), LIGHT)
                self.assertLess(self.weight(*first, *page.when_needed), IN_ALL)

    def test_cost_other_sites_next_to_nothing(self) -> None:
        self.assertLess(self.weight("widget.js", *PAGE.first), FOREIGN)

    def weight(self, *names: str, packed: Callable[[bytes], bytes] = gzip.compress) -> int:
        return sum(len(packed((STATIC / name).read_bytes())) for name in names)

    def test_are_named_by_the_pages_that_import_them(self) -> None:
        with translation.override("zh-hans"):
            named = {name for page in (CHAT, DESK, PAGE) for name in (*page.modules, *page.when_needed)}
        words = {name for name in named if "/words/" in name}
        others = ("words", "admin-chat")
        modules = {str(path.relative_to(STATIC)) for path in self.sources if path.parent.name not in others}
        self.assertEqual(modules - named, {"chat/theme.js", "widget.js", *BY_NAME, *FOR_OTHERS})
        self.assertEqual(words, {f"{folder}/words/zh-hans.js" for folder in ("chat", "desk", "widget")})

    def test_import_nothing_that_is_not_here(self) -> None:
        for path in self.sources:
            for name in re.findall(r"""\bfrom ['"]([^'"]+)['"]""", path.read_text()):
                with self.subTest(f"{path.name}: {name}"):
                    self.assertTrue(name.startswith(".") and (path.parent / name).is_file())


class TheWords(unittest.TestCase):
    def words(self, language: str) -> dict[str, str]:
        """Those of the chat page and those of the desk, which are no others than those of the chat."""
        chat, desk = (self._words(folder, language) for folder in ("chat", "desk"))
        self.assertEqual(chat.keys() & desk.keys(), set())
        return chat | desk

    def _words(self, folder: str, language: str) -> dict[str, str]:
        module = (STATIC / folder / "words" / f"{language}.js").as_posix()
        print_them = f"import words from {json.dumps(module)}; console.log(JSON.stringify(words))"
        ended = run([node(), "--input-type=module", "--eval", print_them])
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return dict(json.loads(ended.stdout))

    def setUp(self) -> None:
        if missing := missing_for_javascript():
            self.skipTest(f"{missing} is not installed")
        self.english, self.chinese = self.words("en"), self.words("zh-hans")

    def test_stand_in_both_languages(self) -> None:
        self.assertEqual(list(self.english), list(self.chinese))
        self.assertEqual([key for key, text in (self.english | self.chinese).items() if not text.strip()], [])

    def test_have_the_same_places_to_fill_in(self) -> None:
        def places(words: dict[str, str]) -> dict[str, list[str]]:
            return {key: sorted(re.findall(r"\{\w+\}", text)) for key, text in words.items()}

        self.assertEqual(places(self.english), places(self.chinese))

    def test_are_those_that_the_page_says(self) -> None:
        pages = [path for folder in ("chat", "desk") for path in (STATIC / folder).rglob("*.js")]
        source = "\n".join(path.read_text() for path in pages if path.parent.name != "words")
        said = set(re.findall(r"\bsay\(\s*'(\w+)'", source))
        self.assertEqual(said - set(self.english), set())
        beginnings = tuple(re.findall(r"\bsay\(`(\w+)\$", source))
        unsaid = {key for key in self.english if not re.search(rf"'{key}'", source) and not key.startswith(beginnings)}
        self.assertEqual(unsaid, set())


class ThePages(TestCase):
    def test_carry_no_script_of_their_own_and_bring_every_file_that_they_name(self) -> None:
        for name in ("chat", "desk"):
            with self.subTest(name):
                self.assert_plain(name, self.client.get(f"/{name}/").content.decode())

    def assert_plain(self, name: str, page: str) -> None:
        scripts = re.findall(r"<script([^>]*)>", page)
        self.assertEqual(
            [script for script in scripts if "src=" not in script and "application/json" not in script], []
        )
        files = re.findall(rf'(?:href|src)="/static/{version()}/([^"]+)"', page)
        drawn, _, told = page.partition('<script id="page"')
        self.assertEqual(len(files), drawn.count('"/static/') + told.partition("</script>")[2].count('"/static/'))
        self.assertIn(f"{name}/main.js", files)
        self.assertEqual([name for name in files if not (STATIC / name).is_file()], [])
        self.assertIsNone(re.search(r"<style|\sstyle=|\son\w+=", page))

    def test_bring_files_that_browsers_keep_until_one_of_them_changes(self) -> None:
        kept = {name: self.client.get(static(name))["Cache-Control"] for name in ("chat/main.js", "admin/css/base.css")}
        for_a_while = f"max-age={settings.WHITENOISE_MAX_AGE}, public"
        kept["by its plain name"] = self.client.get("/static/chat/main.js")["Cache-Control"]
        self.assertEqual(
            kept,
            {
                "chat/main.js": "max-age=315360000, public, immutable",
                "admin/css/base.css": for_a_while,
                "by its plain name": for_a_while,
            },
        )

    def test_bring_scripts_and_styles_compressed_to_browsers_that_unpack_them(self) -> None:
        font = "unfold/fonts/inter/Inter-Regular.woff2"
        for name, compressed in (("chat/main.js", True), ("chat/styles/room.css", True), (font, False)):
            with self.subTest(name):
                plain = self.client.get(static(name), headers={"Accept-Encoding": "zstd"})
                self.assertNotIn("Content-Encoding", plain)
                self.assertEqual(plain.get("Vary"), "Accept-Encoding" if compressed else None)
                for taken, way in (("gzip, deflate", "gzip"), ("gzip, deflate, br;q=0.9", "br")):
                    packed = self.client.get(static(name), headers={"Accept-Encoding": taken})
                    self.assertEqual(packed.get("Content-Encoding"), way if compressed else None)
                    self.assertEqual(int(packed["Content-Length"]), len(packed.content))
                    unpacked = UNPACKED[way](packed.content) if compressed else packed.content
                    self.assertEqual(unpacked, plain.content)

    def test_bring_a_part_of_a_file_as_it_is(self) -> None:
        part = self.client.get(static("chat/main.js"), headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
        self.assertEqual((part.status_code, part.content), (206, (STATIC / "chat/main.js").read_bytes()[:10]))

    def test_bring_files_by_their_plain_names_while_they_are_worked_on(self) -> None:
        with override_settings(DEBUG=True):
            self.assertEqual(static("chat/main.js"), "/static/chat/main.js")

    def test_name_no_account_with_debug_off(self) -> None:
        self.assertFalse(settings.DEBUG)
        self.assertContains(self.client.get("/chat/"), '"demo": null')
