"""Every text that people read exists in Chinese and in English, and what is compiled is what is written."""

import gettext
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tests.services import ROOT

LANGUAGES = ("en", "zh_Hans")
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
        for language in LANGUAGES:
            with self.subTest(language), tempfile.TemporaryDirectory() as temporary:
                fresh = Path(temporary) / "django.mo"
                tool("msgfmt", "--check-format", "-o", fresh, catalogue(ROOT, language, "po"))
                with fresh.open("rb") as new, catalogue(ROOT, language, "mo").open("rb") as committed:
                    self.assertEqual(
                        gettext.GNUTranslations(committed)._catalog,  # type: ignore[attr-defined]
                        gettext.GNUTranslations(new)._catalog,  # type: ignore[attr-defined]
                        REMEDY,
                    )
