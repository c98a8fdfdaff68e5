"""Every text that people read exists in Chinese and in English, and what is compiled is what is written."""

import gettext
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import unfold
from django.contrib import admin
from django.http import JsonResponse
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation.template import templatize
from django.views.i18n import JSONCatalog

from tests.services import ROOT

LANGUAGES = ("en", "zh_Hans")
SAID = re.compile(r"\bn?gettext\(\s*'((?:[^'\\]|\\.)*)'")
"""What a script has to translate."""
REMEDY = "run `make messages`, and translate what is new"


def tool(name: str, *arguments: object) -> str:
    """What a program of GNU gettext answers."""
    return subprocess.run([name, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def catalogue(folder: Path, language: str, kind: str) -> Path:
    return folder / "locale" / language / "LC_MESSAGES" / f"django.{kind}"


def texts(po: Path) -> str:
    """The entries of a catalogue without its header, which holds the date."""
    return po.read_text(encoding="utf-8").partition("\n\n")[2]


class TranslationTest(unittest.TestCase):
    def setUp(self) -> None:
        if shutil.which("msgfmt") is None:
            if os.environ.get("CI"):
                self.fail("gettext is not installed, and CI must not skip this")
            self.skipTest("gettext is not installed")


class TheChineseTranslation(TranslationTest):
    def test_is_complete(self) -> None:
        self.assertEqual(tool("msgattrib", "--untranslated", catalogue(ROOT, "zh_Hans", "po")), "", REMEDY)

    def test_holds_no_guesses_of_the_tools(self) -> None:
        self.assertEqual(tool("msgattrib", "--only-fuzzy", catalogue(ROOT, "zh_Hans", "po")), "", REMEDY)


class BothTranslations(TranslationTest):
    def test_know_exactly_the_texts_of_the_code(self) -> None:
        with tempfile.TemporaryDirectory() as temporary:
            copy = Path(temporary) / "project"
            skipped = shutil.ignore_patterns(".*", "var", "__pycache__", "tests", "docs", "bench")
            shutil.copytree(ROOT, copy, ignore=skipped)
            collect = ["makemessages", "--locale", "zh_Hans", "--locale", "en"]
            collect += ["--no-location", "--no-wrap", "--no-obsolete", "--verbosity", "0"]
            environment = {**os.environ, "VAR_DIR": temporary}
            subprocess.run([sys.executable, "manage.py", *collect], cwd=copy, env=environment, check=True)
            for language in LANGUAGES:
                with self.subTest(language):
                    written, found = catalogue(ROOT, language, "po"), catalogue(copy, language, "po")
                    self.assertEqual(texts(written), texts(found), REMEDY)

    def test_are_compiled_as_they_are_written(self) -> None:
        for written in sorted((ROOT / "locale").rglob("*.po")):
            with self.subTest(written), tempfile.TemporaryDirectory() as temporary:
                fresh = Path(temporary) / "django.mo"
                tool("msgfmt", "--check-format", "-o", fresh, written)
                with fresh.open("rb") as new, written.with_suffix(".mo").open("rb") as committed:
                    self.assertEqual(
                        gettext.GNUTranslations(committed)._catalog,  # type: ignore[attr-defined]
                        gettext.GNUTranslations(new)._catalog,  # type: ignore[attr-defined]
                        REMEDY,
                    )


class EachDay(unittest.TestCase):
    """Times for people are written in one form, that of their language; others are for programs, or of one day."""

    FORMS: ClassVar = {"DATE_FORMAT", "DATETIME_FORMAT", "H:i", "H:i:s", "G", "c", "Y-m-d", "MONTH_DAY_FORMAT", "j"}

    def test_is_written_in_one_form(self) -> None:
        pages = sorted((ROOT / "templates").rglob("*.html"))
        used = {(page.name, form) for page in pages for form in re.findall(r'\|date:"([^"]*)"', page.read_text())}
        self.assertGreater(len(used), 10)
        self.assertEqual({(page, form) for page, form in used if form not in self.FORMS}, set())


class TheAdminsTheme(TranslationTest):
    """It comes in English alone; its words in Chinese are ours, in `locale/theme/`."""

    FOLDER = Path(unfold.__file__).parent
    PARTS = ("templates/unfold", "templates/admin", "templates/registration", "templatetags")
    KEYWORDS = ("gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3")

    def test_speaks_chinese_wherever_we_use_it(self) -> None:
        with translation.override("zh-hans"):
            english = [
                text
                for text in self.texts()
                if text == translation.gettext(text) == translation.ngettext(text, text, 2)
            ]
        self.assertEqual(english, [], "translate them in locale/theme/")

    def test_scripts_speak_chinese(self) -> None:
        with translation.override("zh-hans"):
            catalogue = JSONCatalog.as_view(packages=["django.contrib.admin"])(RequestFactory().get("/"))
        assert isinstance(catalogue, JsonResponse)
        known = json.loads(catalogue.content)["catalog"]
        folders = (Path(admin.__file__).parent / "static" / "admin" / "js", self.FOLDER / "static")
        scripts = [script for folder in folders for script in folder.rglob("*.js")]
        said = {text for script in scripts for text in SAID.findall(script.read_text(encoding="utf-8"))}
        self.assertGreater(len(said), 20)
        self.assertEqual(sorted(said - known.keys()), [], "translate them in locale/theme/, in djangojs.po")

    def texts(self) -> list[str]:
        """What its pages, and what stands behind them, have to translate."""
        with tempfile.TemporaryDirectory() as temporary:
            sources = [Path(temporary) / f"{number}.py" for number, _ in enumerate(self.sources())]
            for source, text in zip(sources, self.sources(), strict=True):
                source.write_text(text)
            keywords = [f"--keyword={keyword}" for keyword in self.KEYWORDS]
            found = Path(temporary) / "django.po"
            tool("xgettext", "--language=Python", "--from-code=UTF-8", *keywords, "-o", found, *sources)
            english = Path(temporary) / "django.mo"
            form = "nplurals=INTEGER; plural=EXPRESSION;"
            found.write_text(found.read_text().replace(form, "nplurals=2; plural=n != 1;"))
            tool("msgen", "-o", found, found)
            tool("msgfmt", "-o", english, found)
            with english.open("rb") as compiled:
                known = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
        return sorted({text if isinstance(text, str) else text[0] for text in known if text})

    def sources(self) -> Iterator[str]:
        """Its templates as Python, and its Python."""
        for part in self.PARTS:
            for page in sorted((self.FOLDER / part).rglob("*.html")):
                yield templatize(page.read_text(encoding="utf-8"), origin=str(page))
        for module in sorted(self.FOLDER.glob("*.py")):
            yield module.read_text(encoding="utf-8")
