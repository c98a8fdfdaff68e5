"""`docs/architecture.md` names every module, and every module that it names exists."""

import re
import tomllib

from django.test import SimpleTestCase

from tests.examples import ROOT

TEXT = (ROOT / "docs" / "architecture.md").read_text()
PACKAGES = ("accounts", "chat", "chatproject", "robots")


class ThePictureOfTheRooms(SimpleTestCase):
    named = frozenset(re.findall(r"`([\w/]+\.py)`", TEXT))

    def test_names_only_modules_that_exist(self) -> None:
        self.assertEqual({name for name in self.named if not (ROOT / name).is_file()}, set())

    def test_names_every_module(self) -> None:
        modules = {
            str(path.relative_to(ROOT))
            for package in PACKAGES
            for path in (ROOT / package).rglob("*.py")
            if path.name != "__init__.py" and "migrations" not in path.parts
        }
        self.assertEqual(modules - self.named, set())

    def test_shows_the_direction_of_imports_that_the_contracts_hold(self) -> None:
        settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
        packages, chat, *_ = settings["tool"]["importlinter"]["contracts"]
        self.assertIn("    " + " → ".join(packages["layers"]) + "\n", TEXT)
        rows = "".join(f"    {layer.replace(' | ', ', ')}\n" for layer in chat["layers"])
        self.assertIn(rows, TEXT)
